"""Input and output of compliance's endpoints. Invariant: shapes only; no query and no rule."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.grading import DEGREES, DETERMINED_BY, GRADES
from compliance.grounds import BY_HAND
from compliance.models import RegisterKind
from compliance.rules import Problem
from compliance.rules.laws import text_url
from compliance.selectors import VIEWS, problem_text
from compliance.services.consents import BASES, CHANNELS
from compliance.services.desk import AUDIENCES
from compliance.services.personal import METHODS, RISKS
from compliance.services.reviews import PROPOSALS
from core.serializers import (
    CodeIn,
    CountIn,
    DayIn,
    DocumentIn,
    EventOut,
    Input,
    MomentIn,
    Output,
    QueryCountIn,
    SwitchIn,
    TextIn,
)

OBJECT = {"type": "object", "additionalProperties": True}


@extend_schema_field(OBJECT)
class ChecklistDocumentIn(DocumentIn):
    """A checklist document: at most 1.5 MiB; `compliance.rules` checks the rest."""

    max_bytes = 1536 * 1024


@extend_schema_field(OBJECT)
class DocumentOut(serializers.JSONField):
    """A JSON object as it is stored."""


class CompulsoryReasonIn(Input):
    reason = TextIn(max_length=500)


class DeclarationIn(Input):
    content_hash = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="of the content signed for")
    template = CodeIn(max_length=20)
    statements = serializers.ListField(
        child=CodeIn(), min_length=1, max_length=100, help_text="codes of all statements asked"
    )
    valid_until = MomentIn()


class EndingIn(Input):
    days = QueryCountIn(min_value=1, max_value=366, default=30)


class DocumentToSignIn(DeclarationIn):
    thumbprint = CodeIn(max_length=43, help_text="of the registered key that will sign it")


@extend_schema_field(OBJECT)
class SignedDocument(DocumentIn):
    """A document that the venue gave out, as it was given."""

    max_bytes = 64 * 1024


class SignedDocumentIn(Input):
    document = SignedDocument()
    signature = TextIn(max_length=8192, help_text="a detached JWS, or 64 bytes in base64 or hex")


@extend_schema_field(OBJECT)
class JwkIn(DocumentIn):
    """A JSON Web Key."""

    max_bytes = 8 * 1024


class SigningKeyIn(Input):
    jwk = JwkIn(required=False, allow_null=True, default=None)
    certificate = TextIn(max_length=20_000, required=False, allow_blank=True, default="")
    proof = TextIn(max_length=8192, help_text="signature of the key over the possession text")


class KeyCheckIn(Input):
    note = TextIn(max_length=500)


class BreachIn(Input):
    statements = serializers.ListField(child=CodeIn(), max_length=100, required=False, default=list)
    reason = TextIn(max_length=4000)
    evidence = TextIn(max_length=4000)
    file_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class BreachAnswerIn(Input):
    answer = TextIn(max_length=4000)


class BreachDecisionIn(Input):
    decision = TextIn(max_length=4000)


class ReportIn(Input):
    product = CodeIn(max_length=20, help_text="the code of the product it is on")
    key = CodeIn(max_length=60, help_text="the kind of evidence that it is")
    title = TextIn(max_length=200)
    file_id = serializers.UUIDField(help_text="a file that was handed in")


class EvidenceIn(Input):
    key = CodeIn(max_length=60)
    report_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="a service provider's report"
    )
    file_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="a file that was handed in"
    )
    note = TextIn(max_length=2000, required=False, allow_blank=True, default="")
    valid_until = MomentIn(required=False, allow_null=True, default=None)


def _words(**more: Any) -> serializers.ListField:
    return serializers.ListField(child=CodeIn(max_length=24), max_length=40, **more)


class BasisTermsIn(Input):
    """What a consent or another basis says; of whom only a class and a number."""

    basis = serializers.ChoiceField(choices=BASES, help_text="PIPL art. 13(1)(1) to (7)")
    persons = TextIn(max_length=500, help_text="the class of persons, nobody by name")
    persons_count = CountIn()
    counts = serializers.DictField(
        child=CountIn(),
        required=False,
        default=dict,
        help_text="persons by category, where they differ",
    )
    categories = _words(min_length=1)
    sensitive_kinds = _words(required=False, default=list)
    purposes = _words(min_length=1, help_text="one by one; all of them is no consent")
    recipient_kinds = _words(min_length=1, help_text="one by one; all of them is no consent")
    separate = SwitchIn(help_text="asked for by itself, apart from all other terms")
    minors = SwitchIn(help_text="persons under 14 are among them")
    guardian = SwitchIn(required=False, default=False, help_text="their guardians consented")
    obtained_by = serializers.ChoiceField(choices=CHANNELS)
    obtained_from = serializers.DateField()
    obtained_until = serializers.DateField()
    notice = TextIn(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="the notice given on collection: where it stands, and its version",
    )
    wording = TextIn(
        max_length=4000,
        required=False,
        allow_blank=True,
        default="",
        help_text="the words that were said yes to; their hash is kept with them",
    )
    refused_without = SwitchIn(help_text="who says no is refused the service")
    in_duty = SwitchIn(help_text="obtained in performing a duty or providing a service")
    law = TextIn(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="the provision that it rests on, where it is no consent",
    )


def _versions() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.UUIDField(), max_length=50, required=False, default=list
    )


def _file() -> serializers.UUIDField:
    return serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="a file that was handed in"
    )


class BasisIn(Input):
    terms = BasisTermsIn()
    file_id = _file()
    trustee_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    former_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="the record that this one renews"
    )
    valid_until = serializers.DateTimeField()
    version_ids = _versions()


class AssessmentTermsIn(Input):
    """What an impact assessment looked at (PIPL art. 56)."""

    assessed_on = serializers.DateField()
    scope = TextIn(max_length=1000)
    purposes = _words(min_length=1)
    risk = serializers.ChoiceField(choices=RISKS)
    measures = TextIn(max_length=2000)


class AssessmentIn(Input):
    terms = AssessmentTermsIn()
    file_id = _file()
    version_ids = _versions()


class TestIn(Input):
    """A test of re-identification: when, by whom, how, and with what result."""

    tested_on = serializers.DateField()
    tested_by = TextIn(max_length=200, help_text="the body that tested, nobody by name")
    method = TextIn(max_length=1000)
    attempts_count = CountIn(min_value=1)
    reidentified_count = CountIn()


class AnonymisationTermsIn(Input):
    method = serializers.ChoiceField(choices=METHODS)
    description = TextIn(max_length=2000)
    test = TestIn(required=False, allow_null=True, default=None)


class AnonymisationIn(Input):
    terms = AnonymisationTermsIn()
    file_id = _file()
    version_ids = _versions()


class BindingIn(Input):
    version_id = serializers.UUIDField()


class RecordWithdrawalIn(Input):
    """With neither purposes nor kinds of recipient, the whole record is withdrawn."""

    purposes = _words(required=False, default=list)
    recipient_kinds = _words(required=False, default=list)
    reason = TextIn(max_length=500, required=False, allow_blank=True, default="")


class AnswerIn(Input):
    """An answer to a question that only a person can answer."""

    item = CodeIn(max_length=40)
    yes = SwitchIn()
    note = TextIn(max_length=1000)


class ProposalIn(Input):
    proposal = serializers.ChoiceField(choices=PROPOSALS)
    note = TextIn(max_length=4000, required=False, allow_blank=True, default="")
    answers = serializers.ListField(child=AnswerIn(), max_length=50, required=False, default=list)
    internal_note = TextIn(
        max_length=4000, required=False, allow_blank=True, default="", help_text="venue alone"
    )


class NoteIn(Input):
    audience = serializers.ChoiceField(choices=AUDIENCES)
    text = TextIn(max_length=4000)


class HandingIn(Input):
    to = serializers.UUIDField(help_text="the membership of a reviewer, from `desk`")
    reason = TextIn(max_length=500)


class QueueIn(Input):
    view = serializers.ChoiceField(choices=VIEWS, default="all")
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class AbsenceIn(Input):
    """Days that a reviewer is away, both included."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    stand_in = serializers.UUIDField(help_text="the membership of a reviewer, from `desk`")
    note = TextIn(max_length=500, required=False, allow_blank=True, default="")
    reviewer = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="yourself where it is empty"
    )


class VenueAttestationIn(Input):
    item = CodeIn(max_length=40)
    holds = SwitchIn()
    note = TextIn(max_length=2000)


class SuspensionIn(Input):
    ground = serializers.ChoiceField(choices=BY_HAND, default="venue")
    reason = TextIn(max_length=500)


class ChecklistIn(Input):
    document = ChecklistDocumentIn()

    def validate_document(self, document: Any) -> dict[str, Any]:
        """Refuse anything but an object."""
        if not isinstance(document, dict):
            raise serializers.ValidationError("must be an object")
        return document


class ScheduleIn(Input):
    effective_at = MomentIn()


class WordingOut(Output):
    code = serializers.CharField()
    en = serializers.CharField()
    zh = serializers.CharField()


class TemplateHeadOut(Output):
    code = serializers.CharField()
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    statements = WordingOut(many=True)


class TemplateOut(Output):
    """The declaration that a version is asked for."""

    code = serializers.CharField()
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    preamble_en = serializers.CharField()
    preamble_zh = serializers.CharField()
    closing_en = serializers.CharField()
    closing_zh = serializers.CharField()
    longest_days = serializers.IntegerField()
    heads = TemplateHeadOut(many=True)


class DeclarationOut(Output):
    id = serializers.UUIDField()
    version_id = serializers.UUIDField(allow_null=True)
    report_id = serializers.UUIDField(allow_null=True)
    former_id = serializers.UUIDField(allow_null=True, help_text="what it renews")
    organisation_id = serializers.UUIDField()
    content_hash = serializers.CharField()
    template = serializers.CharField()
    statements = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    signed_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seal = serializers.CharField(help_text="the venue's Ed25519 signature, hexadecimal")
    key_id = serializers.CharField()
    attestation = serializers.CharField(
        help_text="platform: the venue attests the assent; organisation: signed with its own key"
    )
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.CharField(help_text="password or mfa")


class EndingDeclarationOut(Output):
    days = serializers.IntegerField()
    declarations = DeclarationOut(many=True)


class DocumentToSignOut(Output):
    document = DocumentOut()
    canonical = serializers.CharField(help_text="RFC 8785: sign these bytes, in UTF-8")


class SigningKeyOut(Output):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    thumbprint = serializers.CharField(help_text="RFC 7638")
    algorithm = serializers.CharField()
    jwk = DocumentOut()
    certificate = serializers.CharField()
    state = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class BreachOut(Output):
    id = serializers.UUIDField()
    declaration_id = serializers.UUIDField()
    statements = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    evidence = serializers.CharField()
    file_id = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    answer_until = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ReportOut(Output):
    id = serializers.UUIDField()
    provider_id = serializers.UUIDField()
    product_id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    sha256 = serializers.CharField(help_text="of the file; what the declaration is about")
    at = serializers.DateTimeField()


class SealCheckOut(Output):
    name = serializers.CharField()
    passed = serializers.BooleanField()


class VerificationOut(Output):
    """What anyone needs to check a declaration: the seal is over the canonical document."""

    format = serializers.CharField()
    id = serializers.UUIDField()
    attestation = serializers.CharField()
    checks = SealCheckOut(many=True)
    document = DocumentOut()
    receipt = DocumentOut(allow_null=True, help_text="of a signature made outside; it is sealed")
    seal = serializers.CharField()
    algorithm = serializers.CharField()
    key_id = serializers.CharField()
    public_key = serializers.CharField()
    signature_valid = serializers.BooleanField()
    state = serializers.CharField()
    valid_until = serializers.DateTimeField()


class EvidenceOut(Output):
    id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    key = serializers.CharField()
    file_id = serializers.UUIDField(allow_null=True)
    report_id = serializers.UUIDField(allow_null=True)
    note = serializers.CharField()
    valid_until = serializers.DateTimeField(allow_null=True)
    at = serializers.DateTimeField()
    state = serializers.CharField()


class PersonalRecordOut(Output):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    kind = serializers.CharField()
    class_id = serializers.UUIDField(help_text="the class of persons, shared by renewals")
    former_id = serializers.UUIDField(allow_null=True)
    trustee_id = serializers.UUIDField(allow_null=True)
    document = DocumentOut()
    document_hash = serializers.CharField()
    file_id = serializers.UUIDField(allow_null=True)
    valid_until = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    state = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    withdrawn_purposes = serializers.SerializerMethodField()
    withdrawn_recipients = serializers.SerializerMethodField()
    carries = serializers.BooleanField(help_text="in force and, of a claim, borne out by a test")
    versions = serializers.SerializerMethodField(help_text="those of yours that rest on it")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withdrawn_purposes(self, row: Any) -> list[str]:
        """Return the purposes withdrawn from it."""
        return sorted(one.value for one in row.withdrawals.all() if one.what == "purpose")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withdrawn_recipients(self, row: Any) -> list[str]:
        """Return the kinds of recipient withdrawn from it."""
        return sorted(one.value for one in row.withdrawals.all() if one.what == "recipient")

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_versions(self, row: Any) -> list[Any]:
        """Return the versions that rest on it."""
        return sorted(one.version_id for one in row.bindings.all())


class FactTextOut(Output):
    path = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField(allow_null=True, help_text="null: not known")
    origin = serializers.CharField()


class SourceOut(Output):
    instrument = serializers.CharField()
    version = serializers.CharField()
    article = serializers.CharField()
    quote = serializers.CharField()
    force = serializers.CharField()
    text_url = serializers.SerializerMethodField(help_text="where its text is held; or empty")

    @extend_schema_field({"type": "string"})
    def get_text_url(self, source: Any) -> str:
        """Return where the article is read, of a source as a row or as a stored document."""
        said = source if isinstance(source, dict) else asdict(source)
        return text_url(said["instrument"], said["version"], said["article"])


class EvidenceTextOut(Output):
    key = serializers.CharField()
    text = serializers.CharField()
    by = serializers.CharField()
    given = serializers.BooleanField()


class FindingOut(Output):
    """One item that speaks: what was found, why, what would change it, and who can."""

    code = serializers.CharField()
    severity = serializers.CharField()
    status = serializers.CharField()
    blocks = serializers.BooleanField()
    refusal = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField()
    why = serializers.CharField()
    change = serializers.CharField()
    who = serializers.CharField()
    way_out = serializers.CharField()
    facts = FactTextOut(many=True)
    sources = SourceOut(many=True)
    evidence = EvidenceTextOut(many=True)


class VersionFindingsOut(Output):
    """What stands in the way of a version; `decision_id` is null for the preview of a draft."""

    version_id = serializers.UUIDField()
    product_code = serializers.CharField()
    number = serializers.IntegerField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    state = serializers.CharField()
    content_hash = serializers.CharField()
    checklist_id = serializers.UUIDField()
    checklist_code = serializers.CharField()
    decision_id = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()
    verdict = serializers.CharField()
    blocked = serializers.BooleanField()
    declared_until = serializers.DateTimeField(allow_null=True)
    findings = FindingOut(many=True)


class ReviewOut(Output):
    id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    decision_id = serializers.UUIDField()
    state = serializers.CharField()
    risk = serializers.IntegerField()
    needs_senior = serializers.BooleanField()
    proposal = serializers.CharField()
    note = serializers.CharField()
    queued_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="by working days of China")
    proposed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    assigned_at = serializers.DateTimeField(allow_null=True)


class QueuedReviewOut(ReviewOut):
    """A place in the queue; `assigned` is "" where nobody has the case."""

    assigned = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string"})
    def get_assigned(self, review: Any) -> str:
        """Return the name of the reviewer who has the case."""
        return str(review.assigned or "")

    title_zh = serializers.CharField(source="version.title_zh")
    title_en = serializers.CharField(source="version.title_en")
    product_code = serializers.CharField(source="version.product.code")
    vendor_zh = serializers.CharField(source="version.product.vendor.name_zh")
    vendor_en = serializers.CharField(source="version.product.vendor.name_en")
    verdict = serializers.CharField(source="decision.verdict")


class DeclarationLineOut(Output):
    id = serializers.UUIDField()
    template = serializers.CharField()
    signed_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    statements = serializers.ListField(child=serializers.CharField())


class EvidenceLineOut(Output):
    id = serializers.UUIDField()
    key = serializers.CharField()
    note = serializers.CharField()
    state = serializers.CharField()
    valid_until = serializers.DateTimeField(allow_null=True)
    given_at = serializers.DateTimeField()
    file_id = serializers.UUIDField(allow_null=True)
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()


class ScanLineOut(Output):
    file_name = serializers.CharField()
    state = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    kinds = serializers.ListField(child=serializers.CharField())
    columns = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class QuestionLineOut(Output):
    """What a reviewer is asked; `yes` is null while it is not answered."""

    item = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    yes = serializers.BooleanField(allow_null=True)
    note = serializers.CharField()
    lifted = serializers.BooleanField(help_text="evidence stands for an answer")
    sources = SourceOut(many=True)


class VenueDutyOut(Output):
    """A question asked of the venue once a year, and its last answer."""

    item = serializers.CharField()
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    question_en = serializers.CharField()
    question_zh = serializers.CharField()
    basis = serializers.CharField()
    sources = SourceOut(many=True)
    state = serializers.CharField(help_text="missing, expired, denied or attested")
    note = serializers.CharField()
    signed_by = serializers.CharField()
    attested_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class VenueStandingOut(Output):
    checklist_code = serializers.CharField()
    complete = serializers.BooleanField()
    duties = VenueDutyOut(many=True)


class VenueAttestationOut(Output):
    id = serializers.UUIDField()
    item = serializers.CharField()
    holds = serializers.BooleanField()
    note = serializers.CharField()
    at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()


class DeskPersonOut(Output):
    """A reviewer; `membership_id` names it where a case is handed over."""

    membership_id = serializers.UUIDField()
    name = serializers.CharField()
    senior = serializers.BooleanField()
    open_count = serializers.IntegerField()
    away_until = serializers.DateField(allow_null=True)
    stand_in = serializers.CharField()


class AbsenceLineOut(Output):
    id = serializers.UUIDField()
    reviewer = serializers.CharField()
    stand_in = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    note = serializers.CharField()
    under_way = serializers.BooleanField()


class AbsenceOut(Output):
    id = serializers.UUIDField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    note = serializers.CharField()
    state = serializers.CharField()
    noted_at = serializers.DateTimeField()


class DeskPageOut(Output):
    """How much each view of the queue holds, who reviews, and who is away."""

    counts = serializers.DictField(child=serializers.IntegerField())
    reviewers = DeskPersonOut(many=True)
    absences = AbsenceLineOut(many=True)


class NoteOut(Output):
    """A note to the vendor."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class ReviewNoteOut(NoteOut):
    audience = serializers.CharField()


class NoteLineOut(ReviewNoteOut):
    by = serializers.CharField()


class DifferenceOut(Output):
    """What a version says otherwise; `before` or `after` is null where nothing is said."""

    path = serializers.CharField()
    kind = serializers.CharField(help_text="added, removed, changed, widened or narrowed")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ReviewPageOut(Output):
    """Everything two reviewers need to decide on one version."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    risk = serializers.IntegerField()
    needs_senior = serializers.BooleanField()
    proposal = serializers.CharField()
    note = serializers.CharField()
    maker_name = serializers.CharField()
    checker_name = serializers.CharField()
    queued_at = serializers.DateTimeField()
    proposed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    verbs = serializers.ListField(child=serializers.CharField())
    why_not = serializers.CharField()
    vendor_zh = serializers.CharField()
    vendor_en = serializers.CharField()
    supplier_zh = serializers.CharField()
    supplier_en = serializers.CharField()
    content = DocumentOut()
    findings = VersionFindingsOut()
    questions = QuestionLineOut(many=True)
    declaration = DeclarationLineOut(allow_null=True)
    evidence = EvidenceLineOut(many=True)
    records = PersonalRecordOut(many=True)
    scans = ScanLineOut(many=True)
    due_at = serializers.DateTimeField()
    assigned = serializers.CharField(help_text="who has the case; empty: nobody")
    yours = serializers.BooleanField(help_text="whether you may act on it now")
    notes = NoteLineOut(many=True)
    compared_with = serializers.IntegerField(allow_null=True, help_text="number of the version")
    differences = DifferenceOut(many=True)
    events = EventOut(many=True)


class ClearanceOut(Output):
    id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    checklist_id = serializers.UUIDField()
    declaration_id = serializers.UUIDField()
    decision_id = serializers.UUIDField()
    state = serializers.CharField()
    ground = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class StandingOut(Output):
    version_id = serializers.UUIDField()
    clearance_id = serializers.UUIDField(allow_null=True)
    declaration_id = serializers.UUIDField(allow_null=True)
    checklist_id = serializers.UUIDField(allow_null=True)
    checklist_code = serializers.CharField()
    decision_id = serializers.UUIDField(allow_null=True)
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    cleared = serializers.BooleanField()
    cause = serializers.CharField()


class ClearancePageOut(Output):
    """Whether a version may be traded now, and everything that says so."""

    standing = StandingOut()
    state = serializers.CharField()
    ground = serializers.CharField()
    content_hash = serializers.CharField()
    declaration_by_zh = serializers.CharField()
    declaration_by_en = serializers.CharField()
    declaration_at = serializers.DateTimeField(allow_null=True)
    decision_at = serializers.DateTimeField(allow_null=True)
    reviewers = serializers.ListField(child=serializers.CharField())


class ChecklistLineOut(Output):
    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.CharField()
    items_hash = serializers.CharField(help_text="SHA-256 of the canonical document")
    created_at = serializers.DateTimeField()
    effective_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class ChecklistOut(ChecklistLineOut):
    """A list with all its items; `origin` says which venue's signed list it was taken over from."""

    origin = DocumentOut(allow_null=True)
    items = DocumentOut()


class TrialFindingOut(Output):
    """What one item would say of one version otherwise than the list in force says it."""

    version_id = serializers.UUIDField()
    product_code = serializers.CharField(source="version.product.code")
    item = serializers.CharField()
    blocks = serializers.BooleanField(help_text="it would newly stand in the way")
    freed = serializers.BooleanField(help_text="it would stand in the way no longer")
    finding = DocumentOut()


class TrialOut(Output):
    """One run of a list over the catalogue: how far it is, and what it would change."""

    id = serializers.UUIDField()
    checklist_id = serializers.UUIDField()
    against_id = serializers.UUIDField(allow_null=True, help_text="the list then in force")
    items_hash = serializers.CharField()
    state = serializers.CharField()
    at = serializers.DateTimeField()
    total_count = serializers.IntegerField(help_text="versions when it began")
    versions_count = serializers.IntegerField(help_text="versions run so far")
    blocked_count = serializers.IntegerField()
    freed_count = serializers.IntegerField()
    worked_at = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(help_text="why it ended early, as a code")


class PieceOut(Output):
    text = serializers.CharField()
    change = serializers.CharField(help_text="added, removed, or empty")


class FieldChangeOut(Output):
    field = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    pieces = PieceOut(many=True)


class ItemChangeOut(Output):
    code = serializers.CharField()
    change = serializers.CharField()
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    severity = serializers.CharField()
    fields_changed = FieldChangeOut(many=True, source="fields")


class KindChangeOut(Output):
    key = serializers.CharField()
    change = serializers.CharField()
    fields_changed = FieldChangeOut(many=True, source="fields")


class DifferencesOut(Output):
    """What one list says otherwise than another: item by item, field by field, word by word."""

    items = ItemChangeOut(many=True)
    evidence = KindChangeOut(many=True)
    same_count = serializers.IntegerField()


class ProblemOut(Output):
    """One fault of an item. `field` is a path, in an expression with the character from 0."""

    field = serializers.CharField()
    code = serializers.CharField()
    text = serializers.SerializerMethodField()

    def get_text(self, found: Problem) -> str:
        """Return what is wrong and what to do, in the reader's language."""
        return problem_text(found)


class ExampleOut(Output):
    name = serializers.CharField()
    wanted = serializers.CharField()
    got = serializers.CharField()
    fault = serializers.CharField()
    holds = serializers.BooleanField()


class TriedOut(Output):
    """What an item says of one listing, and the facts that it read."""

    status = serializers.CharField(
        help_text="hit, clear, unknown, lifted; order, venue or not-in-force where it cannot tell"
    )
    facts = serializers.SerializerMethodField()
    missing = serializers.ListField(child=serializers.CharField())
    lifted_by = serializers.ListField(child=serializers.CharField())
    lacking = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(OBJECT)
    def get_facts(self, tried: Any) -> dict[str, Any]:
        """Return fact → value, of those that are known."""
        return dict(tried.facts)


class ItemCheckOut(Output):
    problems = ProblemOut(many=True)
    examples = ExampleOut(many=True)
    tried = TriedOut(allow_null=True)


class SealedOut(Output):
    """A list signed for another venue: the seal is over the canonical JSON of the rest."""

    format = serializers.CharField()
    signed = DocumentOut()
    seal = DocumentOut()


class CopyIn(Input):
    code = TextIn(max_length=20)


@extend_schema_field(OBJECT)
class ItemDocumentIn(DocumentIn):
    """One item as JSON; `compliance.rules` checks the rest."""

    max_bytes = 64 * 1024


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise serializers.ValidationError(_("must be an object"))
    return value


class ItemIn(Input):
    item = ItemDocumentIn()
    seen_hash = TextIn(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="SHA-256 of the canonical item as it was read; empty for a new one",
    )

    def validate_item(self, item: Any) -> dict[str, Any]:
        """Refuse anything but an object."""
        return _object(item)


class SeenIn(Input):
    seen_hash = TextIn(max_length=64)


class CheckItemIn(Input):
    item = ItemDocumentIn()
    version_id = serializers.UUIDField(required=False, allow_null=True, default=None)

    def validate_item(self, item: Any) -> dict[str, Any]:
        """Refuse anything but an object."""
        return _object(item)


class EvidenceKindIn(Input):
    en = TextIn(max_length=300)
    zh = TextIn(max_length=300)
    by = CodeIn(max_length=20)


class ImportIn(Input):
    document = ChecklistDocumentIn(help_text="the signed document of another venue")
    code = TextIn(max_length=20, required=False, allow_blank=True, default="")
    key = TextIn(
        max_length=32,
        required=False,
        allow_blank=True,
        default="",
        help_text="id of the only key accepted",
    )

    def validate_document(self, document: Any) -> dict[str, Any]:
        """Refuse anything but an object."""
        return _object(document)


class YearQuery(Input):
    year = QueryCountIn(
        required=False,
        min_value=2024,
        max_value=2099,
        help_text="calendar year of China; this one where none is named",
    )


class ExportRowOut(Output):
    """One row of the ledger; `reference` is the trade."""

    id = serializers.UUIDField()
    exporter = serializers.UUIDField(source="exporter_id")
    year = serializers.IntegerField()
    kind = serializers.CharField(help_text="reserve, commit or release")
    persons = serializers.IntegerField(help_text="of ordinary personal information")
    sensitive_persons = serializers.IntegerField()
    reference = serializers.UUIDField()
    at = serializers.DateTimeField()


class CountsOut(Output):
    persons = serializers.IntegerField()
    sensitive_persons = serializers.IntegerField()


class BoundOut(Output):
    """From `count` persons on, the law asks for `path`; `left` may go before that."""

    sensitive = serializers.BooleanField()
    count = serializers.IntegerField()
    path = serializers.CharField()
    left = serializers.IntegerField(allow_null=True, help_text="null while the count is unknown")


class RegisterEntryOut(Output):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    product = serializers.UUIDField(source="product_id", allow_null=True)
    answer = serializers.CharField()
    zone = serializers.CharField()
    route = serializers.CharField()
    parts = serializers.ListField(child=serializers.CharField())
    persons = serializers.IntegerField(allow_null=True)
    sensitive_persons = serializers.IntegerField(allow_null=True)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    basis = serializers.CharField()
    at = serializers.DateTimeField()


class ExportYearOut(Output):
    """An exporter's year. `elsewhere` null: not on record, and orders abroad are held."""

    organisation = serializers.UUIDField(source="organisation.pk")
    year = serializers.IntegerField()
    table = serializers.CharField(help_text="the version of the cross-border table")
    reserved = CountsOut()
    committed = CountsOut()
    elsewhere = CountsOut(allow_null=True)
    total = CountsOut(allow_null=True)
    bounds = BoundOut(many=True)
    entries = RegisterEntryOut(many=True, help_text="what holds in that year")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="kinds of entries that orders abroad wait for"
    )


class RegisterEntryIn(Input):
    kind = serializers.ChoiceField(choices=RegisterKind.choices)
    answer = CodeIn(max_length=12, help_text="what the kind may answer; a refusal names the words")
    basis = TextIn(max_length=500, help_text="the register, notice or statement it rests on")
    valid_from = DayIn(help_text="the first day, in China, on which it holds")
    valid_until = DayIn(
        required=False, allow_null=True, default=None, help_text="the first day it holds no more"
    )
    product_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    zone = CodeIn(max_length=10, required=False, allow_blank=True, default="")
    route = CodeIn(max_length=40, required=False, allow_blank=True, default="")
    parts = serializers.ListField(
        child=CodeIn(max_length=32), max_length=20, required=False, default=list
    )
    persons = CountIn(required=False, allow_null=True, default=None)
    sensitive_persons = CountIn(required=False, allow_null=True, default=None)


class HarmsIn(Input):
    """For each object of harm how bad it could be: none, ordinary, serious or very_serious."""

    national_security = serializers.ChoiceField(choices=DEGREES)
    economy = serializers.ChoiceField(choices=DEGREES)
    social_order = serializers.ChoiceField(choices=DEGREES)
    public_interest = serializers.ChoiceField(choices=DEGREES)
    organisation = serializers.ChoiceField(choices=DEGREES)
    person = serializers.ChoiceField(choices=DEGREES)


class GradingIn(Input):
    harms = HarmsIn()
    reasoning = TextIn(max_length=4000)
    determined_by = serializers.ChoiceField(choices=DETERMINED_BY, default="self")
    grade = serializers.ChoiceField(
        choices=GRADES,
        required=False,
        allow_null=True,
        default=None,
        help_text="what the catalogue or the notice says",
    )
    level = CountIn(
        min_value=1,
        max_value=4,
        required=False,
        allow_null=True,
        default=None,
        help_text="of general data, as the catalogue or the notice says",
    )
    reference = TextIn(max_length=300, required=False, allow_blank=True, default="")


class GradingOut(Output):
    """One grading; `settled` is false where only your own judgement says important or core."""

    id = serializers.UUIDField()
    version = serializers.UUIDField(source="version_id")
    content_hash = serializers.CharField()
    harms = DocumentOut()
    proposed_grade = serializers.CharField()
    proposed_level = serializers.IntegerField(allow_null=True)
    grade = serializers.CharField()
    level = serializers.IntegerField(allow_null=True)
    determined_by = serializers.CharField()
    settled = serializers.BooleanField()
    reference = serializers.CharField()
    reasoning = serializers.CharField()
    at = serializers.DateTimeField()
