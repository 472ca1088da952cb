"""Input and output of compliance's endpoints. Invariant: shapes only; no query and no rule."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.grounds import BY_HAND
from compliance.rules.laws import text_url
from compliance.selectors import VIEWS
from compliance.services.desk import AUDIENCES
from compliance.services.reviews import PROPOSALS
from core.serializers import (
    CodeIn,
    DocumentIn,
    EventOut,
    Input,
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
    valid_until = serializers.DateTimeField()


class EvidenceIn(Input):
    key = CodeIn(max_length=60)
    file_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="a file that was handed in"
    )
    note = TextIn(max_length=2000, required=False, allow_blank=True, default="")
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)


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
    effective_at = serializers.DateTimeField()


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
    version_id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    content_hash = serializers.CharField()
    template = serializers.CharField()
    statements = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    signed_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seal = serializers.CharField(help_text="Ed25519 signature, hexadecimal")
    key_id = serializers.CharField()


class VerificationOut(Output):
    """What anyone needs to check a declaration: the seal is over the canonical document."""

    id = serializers.UUIDField()
    document = DocumentOut()
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
    note = serializers.CharField()
    valid_until = serializers.DateTimeField(allow_null=True)
    at = serializers.DateTimeField()
    state = serializers.CharField()


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
    """A list with all its items."""

    items = DocumentOut()


class TrialFindingOut(Output):
    version_id = serializers.UUIDField()
    item = serializers.CharField()
    blocks = serializers.BooleanField()


class TrialOut(Output):
    """One run of a list over the live catalogue: what it would newly say."""

    id = serializers.UUIDField()
    items_hash = serializers.CharField()
    at = serializers.DateTimeField()
    versions_count = serializers.IntegerField()
    blocked_count = serializers.IntegerField()
    findings = serializers.SerializerMethodField()

    @extend_schema_field(TrialFindingOut(many=True))
    def get_findings(self, trial: Any) -> list[dict[str, Any]]:
        """Return the findings that were fetched with the trial."""
        return [dict(TrialFindingOut(row).data) for row in trial.findings.all()]
