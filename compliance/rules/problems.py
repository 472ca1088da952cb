"""What can be wrong with an item, in words. Invariant: each says what is wrong and what to do."""

from dataclasses import dataclass
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark `text` for translation; the edge that shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a checklist: in which item and field, what is wrong and what to do.

    `field` is a path, for an expression with the character after a colon (`when:17`). `what` and
    `remedy` are English templates over `values`; the edge translates them.
    """

    item: str
    field: str
    code: str
    what: str
    remedy: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        values = dict(self.values)
        return f"{self.item}.{self.field}: {self.what % values} {self.remedy % values}"


MESSAGES: dict[str, tuple[str, str]] = {
    "shape": (gettext_noop("It cannot be read: %(what)s."), gettext_noop("Correct it.")),
    "needed": (gettext_noop("This is needed."), gettext_noop("Fill it in.")),
    "choice": (
        gettext_noop("This value is not in the list."),
        gettext_noop("Use one of: %(allowed)s."),
    ),
    "pattern": (
        gettext_noop("This is not of the right form."),
        gettext_noop("Write it like %(example)s."),
    ),
    "order": (
        gettext_noop("The last day lies before the first."),
        gettext_noop("Correct one of the two."),
    ),
    "duplicate": (
        gettext_noop("Another item has this code."),
        gettext_noop("Give it a code of its own."),
    ),
    "stage": (
        gettext_noop("It mixes facts of a listing with facts of an order."),
        gettext_noop("Use facts that are known at one moment."),
    ),
    "not-asked": (
        gettext_noop("A rule asks nobody."),
        gettext_noop("Remove it, or make the item an attestation."),
    ),
    "platform": (
        gettext_noop("What the venue is asked has the scope platform, and nothing else has."),
        gettext_noop("Correct the scope, or whom it asks."),
    ),
    "may-be-unknown": (
        gettext_noop("It is said that no fact of it can be unknown, but one can."),
        gettext_noop("Remove it and add an example with an unknown fact."),
    ),
    "not-liftable": (
        gettext_noop("Only a restricted item has a lift and evidence."),
        gettext_noop("Remove them, or make the item restricted."),
    ),
    "unused": (
        gettext_noop("The evidence listed is not the evidence that the lift names."),
        gettext_noop("List exactly the keys of the lift."),
    ),
    "lifts-without-evidence": (
        gettext_noop("The lift holds although no evidence is given."),
        gettext_noop("Make it depend on evidence."),
    ),
    "rests": (
        gettext_noop("This is not what the condition rests on."),
        gettext_noop("State: %(found)s."),
    ),
    "example-missing": (
        gettext_noop("There is no example that comes to %(expect)s."),
        gettext_noop("Add one."),
    ),
    "example-fails": (
        gettext_noop("The example says %(wanted)s and comes to %(got)s."),
        gettext_noop("Correct the condition or the example."),
    ),
    "evidence": (
        gettext_noop("There is no evidence kind %(name)s."),
        gettext_noop("Name one of the item's evidence and describe it in the evidence table."),
    ),
    "facts-version": (
        gettext_noop("The list was written for another version of the facts."),
        gettext_noop("Check every item and set %(wanted)s."),
    ),
    "refusal-missing": (
        gettext_noop("No item refuses an order with %(refusal)s."),
        gettext_noop("Keep the item that does: the house cannot run without it."),
    ),
    "too-many-asking": (
        gettext_noop("%(asking)s of %(items)s items rest on a vendor's yes or no."),
        gettext_noop("Let at most a third do so: use text, fields, scan and registers."),
    ),
    "too-slow": (
        gettext_noop("Trying the list took longer than %(seconds)s seconds."),
        gettext_noop("Simplify the items changed last."),
    ),
    "crashed": (
        gettext_noop("Trying the list ended the process that tried it (%(status)s)."),
        gettext_noop("Simplify the items changed last."),
    ),
    "sealed-json": (
        gettext_noop("This is not JSON at column %(column)s: %(what)s."),
        gettext_noop("Take the file as the other venue exported it."),
    ),
    "sealed-large": (
        gettext_noop("The document is larger than %(most)s bytes."),
        gettext_noop("No list is as large; take the file as the other venue exported it."),
    ),
    "sealed-format": (
        gettext_noop("This is not a signed checklist."),
        gettext_noop("Use a document of the format %(wanted)s."),
    ),
    "sealed-key": (
        gettext_noop("The key is not the one that is named; its id is %(found)s."),
        gettext_noop("Ask the other venue for the document again."),
    ),
    "sealed-other-key": (
        gettext_noop("It was signed with the key %(found)s and not with %(wanted)s."),
        gettext_noop("Ask the venue whose key you expect."),
    ),
    "sealed-hex": (
        gettext_noop("This has to be %(count)s hexadecimal digits."),
        gettext_noop("Ask the other venue for the document again."),
    ),
    "sealed-hash": (
        gettext_noop("The list is not the one that was signed: its hash is another."),
        gettext_noop("Ask the other venue for the document again."),
    ),
    "sealed-signature": (
        gettext_noop("The signature does not fit: something was changed after it was signed."),
        gettext_noop("Ask the other venue for the document again."),
    ),
    "syntax": (
        gettext_noop("This cannot be read here: %(found)s."),
        gettext_noop("Use comparisons of facts, !, &&, ||, in [..], size(), exists and all."),
    ),
    "too-long": (
        gettext_noop("The expression has more than %(most)s characters."),
        gettext_noop("Shorten it or split the item."),
    ),
    "too-deep": (
        gettext_noop("The expression is nested more than %(most)s deep."),
        gettext_noop("Flatten it or split the item."),
    ),
    "macros": (
        gettext_noop("There is more than %(most)s exists or all."),
        gettext_noop("Split the item."),
    ),
    "constant": (
        gettext_noop("The expression looks at no fact."),
        gettext_noop("Compare a fact."),
    ),
    "type": (
        gettext_noop("This is of type %(found)s where %(wanted)s is needed."),
        gettext_noop("Compare it with a value of its type."),
    ),
    "types-differ": (
        gettext_noop("%(left)s is compared with %(right)s, which is always false."),
        gettext_noop("Compare values of one type."),
    ),
    "not-comparable": (
        gettext_noop("%(sign)s cannot be used on %(type)s."),
        gettext_noop("Use == or !=, and exists, all or size() on lists."),
    ),
    "literals": (
        gettext_noop("Two fixed values are compared."),
        gettext_noop("Compare a fact."),
    ),
    "word": (
        gettext_noop("The fact %(fact)s never is '%(word)s'."),
        gettext_noop("Use a word of its list."),
    ),
    "in-on-facts": (
        gettext_noop("`in` looks only into a list written out here."),
        gettext_noop("Write fact.exists(x, x == 'word') for a fact."),
    ),
    "arithmetic": (
        gettext_noop("Only whole numbers can be added or multiplied, not %(found)s."),
        gettext_noop("Use facts that are numbers."),
    ),
    "number": (
        gettext_noop("The number is larger than %(most)s."),
        gettext_noop("Use a smaller one."),
    ),
    "function": (
        gettext_noop("%(name)s cannot be used here."),
        gettext_noop("Use size(), exists or all."),
    ),
    "name": (
        gettext_noop("%(name)s is not a fact."),
        gettext_noop("Write topic.fact, such as product.grade."),
    ),
    "fact": (
        gettext_noop("There is no fact %(name)s."),
        gettext_noop("Use one of the facts documented."),
    ),
    "fact-in-macro": (
        gettext_noop("%(name)s stands inside exists or all, where a missing fact goes unnoticed."),
        gettext_noop("Use only the variable there, and put the fact outside."),
    ),
    "variable": (
        gettext_noop("%(name)s is the name of something else."),
        gettext_noop("Choose another name for the variable."),
    ),
}


def problem(item: str, field: str, code: str, **values: Any) -> Problem:
    """Return the problem `code` of that item and field."""
    what, remedy = MESSAGES[code]
    stated = tuple((key, str(value)) for key, value in values.items())
    return Problem(item, field, code, what, remedy, stated)
