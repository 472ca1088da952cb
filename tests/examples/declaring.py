"""Requests about declarations signed outside, reports, cases and organisations' own keys."""

from datetime import timedelta
from typing import Any

from compliance import selectors, services
from compliance.models import Breach, OrganisationKey, Report
from compliance.statements import asked_of, codes, template_at
from core.actors import Member
from tests.compliance.signing import Pen, proposed, registered
from tests.compliance.test_breaches import answered, opened
from tests.compliance.test_reports import declared, provider, report_on
from tests.examples.world import NO_BODY, Ask, World, staff
from tests.listings import cast as offers

EVIDENCE = "risk_assessment"


def _kept(world: World, name: str, make_it: Any) -> Any:
    if name not in world.kept:
        world.kept[name] = make_it()
    return world.kept[name]


def pen_of(world: World, member: Member) -> Pen:
    def made() -> Pen:
        pen = Pen.ed25519()
        registered(member, pen, world.at)
        return pen

    pen: Pen = _kept(world, f"pen {member.organisation_id}", made)
    return pen


def lawyer(world: World) -> Member:
    world.market  # noqa: B018 (a list in force says which evidence there is)
    member: Member = _kept(world, "provider", lambda: provider(world.at))
    return member


def report(world: World) -> Report:
    def made() -> Report:
        found = report_on(world.market.version, lawyer(world), world.at, key=EVIDENCE)
        declared(found, lawyer(world), world.at)
        return found

    found: Report = _kept(world, "report", made)
    return found


def breach(world: World, *, with_answer: bool = False) -> Breach:
    def made() -> Breach:
        desk = world.market.desk
        file = offers.file_of(desk.maker, world.at, b"a letter")
        found = opened(world.market.clearance.declaration_id, desk, world.at, file_id=file.pk)
        return answered(found, world.vendor, world.at) if with_answer else found

    found: Breach = _kept(world, f"breach {with_answer}", made)
    return found


def key(world: World, state: str = "PROPOSED") -> OrganisationKey:
    def made() -> OrganisationKey:
        found = proposed(world.vendor, Pen.p256(), world.at)
        if state == "CHECKED":
            admin = staff(world, "admin")
            services.check_key(key_id=found.pk, note="seen", actor=admin, at=world.at)
        return found

    found: OrganisationKey = _kept(world, f"key {state}", made)
    return found


def terms(world: World, content_hash: str, template: Any) -> dict[str, Any]:
    return {
        "content_hash": content_hash,
        "template": template.code,
        "statements": list(codes(template)),
        "valid_until": (world.at + timedelta(days=90)).isoformat(),
    }


def version_terms(world: World) -> dict[str, Any]:
    asked = asked_of(template_at(world.at), world.draft.content)
    return terms(world, world.draft.content_hash, asked)


def report_terms(world: World) -> dict[str, Any]:
    return terms(world, report(world).sha256, template_at(world.at, "report"))


def of_report(world: World, body: Any = None) -> Ask:
    return Ask(lawyer(world), {"report_id": report(world).pk}, body)


def preparing(world: World) -> Ask:
    body = {**version_terms(world), "thumbprint": pen_of(world, world.vendor).thumbprint}
    return Ask(world.vendor, {"version_id": world.draft.pk}, body)


def preparing_report(world: World) -> Ask:
    thumbprint = pen_of(world, lawyer(world)).thumbprint
    return of_report(world, {**report_terms(world), "thumbprint": thumbprint})


def _signed(world: World, ask: Ask) -> Ask:
    body = {**ask.body, "valid_until": world.at + timedelta(days=90)}
    document = services.prepare_declaration(**ask.where, **body, actor=ask.owner, at=world.at)
    signature = pen_of(world, ask.owner).jws(document)
    return Ask(ask.owner, ask.where, {"document": document, "signature": signature})


def handing_in(world: World) -> Ask:
    return _signed(world, preparing(world))


def handing_in_report(world: World) -> Ask:
    return _signed(world, preparing_report(world))


def new_report(world: World) -> Ask:
    by = lawyer(world)
    body = {
        "product": world.market.version.product.code,
        "key": EVIDENCE,
        "title": "An opinion",
        "file_id": str(offers.file_of(by, world.at, b"another opinion").pk),
    }
    return Ask(by, {}, body)


def proposing(world: World) -> Ask:
    pen = Pen.ed25519()
    assert world.vendor.organisation_id is not None
    proof = pen.over(selectors.possession_text(world.vendor.organisation_id))
    return Ask(world.vendor, {}, {"jwk": pen.jwk, "proof": proof})


def of_key(world: World, owner: Any = None, state: str = "PROPOSED", body: Any = None) -> Ask:
    return Ask(owner or world.vendor, {"key_id": key(world, state).pk}, body)


def of_breach(world: World, body: Any = None) -> Ask:
    return Ask(world.vendor, {"breach_id": breach(world).pk}, body)


def deciding(world: World) -> Ask:
    where = {"breach_id": breach(world, with_answer=True).pk}
    return Ask(world.market.desk.checker, where, {"decision": "the letter says so"})


def opening_breach(world: World) -> Ask:
    where = {"declaration_id": world.market.clearance.declaration_id}
    body = {"statements": ["source-lawful"], "reason": "not theirs", "evidence": "a letter"}
    return Ask(world.market.desk.senior, where, body)


DECLARED = {
    "prepare_declaration": preparing,
    "hand_in_declaration": handing_in,
    "read_report": of_report,
    "download_report": of_report,
    "read_report_template": of_report,
    "sign_report": lambda w: of_report(w, report_terms(w)),
    "prepare_report_declaration": preparing_report,
    "hand_in_report_declaration": handing_in_report,
    "read_breach": of_breach,
    "download_breach_file": of_breach,
    "answer_breach": lambda w: of_breach(w, {"answer": "they are ours"}),
    "read_signing_key": of_key,
    "revoke_key": lambda w: of_key(w, body=NO_BODY),
}
VENUE_AND_LISTS = {
    "list_ending_declarations": lambda w: Ask(w.vendor, {}),
    "list_reports": lambda w: Ask(lawyer(w), {}),
    "hand_in_report": new_report,
    "list_breaches": lambda w: Ask(w.vendor, {}),
    "open_breach": opening_breach,
    "confirm_breach": deciding,
    "dismiss_breach": deciding,
    "list_signing_keys": lambda w: Ask(w.vendor, {}),
    "read_possession_text": lambda w: Ask(w.vendor, {}),
    "propose_key": proposing,
    "check_key": lambda w: of_key(w, staff(w, "admin"), body={"note": "seen"}),
    "confirm_key": lambda w: of_key(w, staff(w, "admin"), "CHECKED"),
    "refuse_key": lambda w: of_key(w, staff(w, "admin"), body=NO_BODY),
}
