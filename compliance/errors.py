"""Refusals of compliance. Invariant: each says the fact, and what would change it."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NoChecklistInForce(DomainError):
    code, title, status = "no-checklist-in-force", _("No checklist is in force"), 409
    way_out = _("The venue has to put a checklist in force; ask one of its authors.")


class ChecklistNotValid(DomainError):
    code, title, status = "checklist-not-valid", _("The checklist is not well formed"), 400
    way_out = _("Correct the items named and send it again.")


class ItemChanged(DomainError):
    code, title, status = "item-changed", _("Another author has changed this item"), 409
    way_out = _("Open the item as it is now, and make your change there.")


class ChecklistExamplesFail(DomainError):
    code, title, status = "checklist-examples-fail", _("Examples of the checklist fail"), 409
    way_out = _("Correct the items or their examples; every example has to hold.")


class ChecklistCodeTaken(DomainError):
    code, title, status = "checklist-code-taken", _("There is a checklist of this code"), 409
    way_out = _("Give the new list a code of its own.")


class ChecklistAlreadyScheduled(DomainError):
    code, title, status = "checklist-already-scheduled", _("Another checklist is scheduled"), 409
    way_out = _("Recall the one that is scheduled, or wait until it has taken force.")


class ChecklistTakenEffect(DomainError):
    code, title, status = "checklist-taken-effect", _("The checklist has taken effect"), 409
    way_out = _("Schedule another list to follow it.")


class ContentChanged(DomainError):
    code, title, status = "content-changed", _("The content is not the one that was shown"), 409
    way_out = _("Read the version as it is now and sign that.")


class StatementsIncomplete(DomainError):
    code, title, status = "statements-incomplete", _("Not every statement was assented to"), 400
    way_out = _("Read each statement and assent to it; a statement that is not true blocks.")


class NoDeclaration(DomainError):
    code, title, status = "declaration-missing", _("No declaration is in force"), 409
    way_out = _("The vendor has to sign a declaration and commitment for exactly this content.")


class RestsOnEnded(DomainError):
    code, title, status = "rests-on-ended", _("What the clearance would rest on has ended"), 409
    way_out = _("The vendor has to renew the declaration, right, mandate or evidence that ended.")


class ClearanceNotStanding(DomainError):
    code, title, status = "clearance-not-standing", _("The clearance does not stand"), 409
    way_out = _("See the cause; where it cannot be mended, the version has to be reviewed again.")


class NotCleared(DomainError):
    code, title, status = "not-cleared", _("The checklist does not clear this version"), 422
    way_out = _("See what each finding asks for.")


class FindingsChanged(DomainError):
    code, title, status = "findings-changed", _("The findings are not those proposed on"), 409
    way_out = _("Reject the proposal; the version is then screened again and can be proposed.")


class InterestedParty(DomainError):
    code, title, status = "interested-party", _("You belong, or belonged, to a party to this"), 409
    way_out = _("Ask a colleague who has no interest in this product.")


class CaseOfAnother(DomainError):
    code, title, status = "case-of-another", _("This case is with another reviewer"), 409
    way_out = _("Ask who has it to hand it over, or a senior reviewer to give it to you.")


class SeniorNeeded(DomainError):
    code, title, status = "senior-reviewer-needed", _("A senior reviewer has to take part"), 409
    way_out = _("Ask a senior reviewer to confirm it.")


class ReportNotDeclared(DomainError):
    code, title, status = "report-not-declared", _("Nobody stands by this report"), 409
    way_out = _(
        "Its provider has to sign a declaration on exactly this file, as a disinterested one."
    )


class ReportKnown(DomainError):
    code, title, status = "report-known", _("This report was handed in already"), 409
    way_out = _("Sign or renew the declaration on the one that is there.")


class InterestedProvider(DomainError):
    code, title, status = "interested-provider", _("You are a party to this product"), 409
    way_out = _("A body that is independent of vendor, supplier and beneficiaries has to report.")


class SignatureNotValid(DomainError):
    code, title, status = "signature-not-valid", _("The signature does not hold"), 400
    way_out = _("Sign the document exactly as it was given, byte for byte, with the key it names.")


class DocumentDiffers(DomainError):
    code, title, status = "document-differs", _("This is not the document that was given"), 409
    way_out = _("Ask for the document anew, and sign that one.")


class DeclarationKnown(DomainError):
    code, title, status = "declaration-known", _("This signature was handed in already"), 409
    way_out = _("Its declaration is on your list. To declare anew, ask for a new document.")


class KeyNotUsable(DomainError):
    code, title, status = "key-not-usable", _("No registered key of yours"), 409
    way_out = _("Propose the key; two of the venue's staff look at it and register it.")


class KeyKnown(DomainError):
    code, title, status = "key-known", _("This key is known already"), 409
    way_out = _("A key is registered once, for one organisation; make a new one.")


class BreachOpen(DomainError):
    code, title, status = "breach-open", _("There is an open case on this declaration"), 409
    way_out = _("Add to that case, or decide it first.")


class NotHeardYet(DomainError):
    code, title, status = "not-heard-yet", _("The one concerned can still answer"), 409
    way_out = _("Wait for the answer, or until the time to answer has passed.")


class UnknownEvidenceKey(DomainError):
    code, title, status = "unknown-evidence-key", _("No item asks for such evidence"), 400
    way_out = _("Use one of the keys that the findings name.")


class VersionNotOpen(DomainError):
    code, title, status = "version-not-open", _("This version takes nothing more"), 409
    way_out = _("Draft a new version of the product.")


class BlanketConsent(DomainError):
    code, title, status = "blanket-consent", _("A blanket consent is no consent"), 422
    way_out = _(
        "Ask the persons anew, for the purposes and kinds of recipient that they are to say yes "
        "to one by one, and record that (PIPL art. 6, 14 and 23)."
    )


class ForcedConsent(DomainError):
    code, title, status = "forced-consent", _("A forced consent is no consent"), 422
    way_out = _(
        "Offer the service to those who say no as well, ask anew, and record that (PIPL art. 14 "
        "and 16)."
    )


class ConsentNotSeparate(DomainError):
    code, title, status = "consent-not-separate", _("A separate consent is needed"), 422
    way_out = _(
        "Ask for the sensitive kinds by themselves, apart from all other terms, and record that; "
        "or leave these kinds out (PIPL art. 29)."
    )


class GuardianMissing(DomainError):
    code, title, status = "guardian-missing", _("The guardians have to consent"), 422
    way_out = _(
        "Ask the parents or guardians of everybody under 14, and record that; or leave them out "
        "(PIPL art. 31)."
    )


class PersonsNamed(DomainError):
    code, title, status = "persons-named", _("A record holds nobody's own data"), 422
    way_out = _("Describe a class of persons; leave the numbers and names of single persons out.")


class AlreadyWithdrawn(DomainError):
    code, title, status = "consent-already-withdrawn", _("This was withdrawn already"), 409
    way_out = _("Look at the record: what was withdrawn stays withdrawn.")


class RecordTooNarrow(DomainError):
    code, title, status = "record-too-narrow", _("The version permits more than this carries"), 409
    way_out = _(
        "Bind it to a new version that permits only what these persons said yes to, or record "
        "what else they said yes to."
    )


class RecordNotInForce(DomainError):
    code, title, status = "record-not-in-force", _("This record carries nothing any more"), 409
    way_out = _("Record what holds now, as the renewal of this one, and bind that.")
