-- The checklist in force at a moment: the scheduled or enforced one that took effect last, null if
-- there is none. Always one row. As a table, it is looked up once for all rows of a query.
CREATE OR REPLACE FUNCTION compliance_list_in_force(at timestamptz)
RETURNS TABLE (checklist_id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT (
        SELECT l.id FROM compliance_checklistversion l
        WHERE l.state IN ('SCHEDULED', 'IN_FORCE')
          AND l.effective_at <= compliance_list_in_force.at
        ORDER BY l.effective_at DESC, l.id DESC LIMIT 1)
$$;
-- Whether a class of persons in a version has no basis left that was there when a clearance began:
-- its record was withdrawn since, and none that renews it is in force.
CREATE OR REPLACE FUNCTION compliance_consent_gone(version_id uuid, since timestamptz)
RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM compliance_recordbinding b
        JOIN compliance_personalrecord r ON r.id = b.record_id
        WHERE b.version_id = compliance_consent_gone.version_id
          AND r.kind = 'basis' AND r.state = 'WITHDRAWN'
          AND r.ended_at >= compliance_consent_gone.since
          AND NOT EXISTS (
              SELECT FROM compliance_recordbinding o
              JOIN compliance_personalrecord n ON n.id = o.record_id
              WHERE o.version_id = b.version_id AND n.kind = 'basis'
                AND n.class_id = r.class_id AND n.state = 'IN_FORCE'))
$$;
-- Whether persons withdrew their consent to this use of what a clearance admits: for the purpose,
-- or for the kind of buyer. The clearance's own row says so, which its lock keeps as it is.
CREATE OR REPLACE FUNCTION compliance_withdrawn(clearance_id uuid, purpose text, buyer_kind text)
RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM compliance_clearance c
        WHERE c.id = compliance_withdrawn.clearance_id
          AND ((c.facts || c.withdrawn) -> 'withdrawn_purposes' ? compliance_withdrawn.purpose
               OR (c.facts || c.withdrawn) -> 'withdrawn_recipients'
                  ? compliance_withdrawn.buyer_kind))
$$;
-- Whether a version is admitted to trading at a moment: always one row, with the cause where not.
-- Guarantees: every cause is judged by its own row and dates, so that nothing waits for a sweep.
-- A clearance that was prepared for the list in force counts from that moment on, while the one
-- that it follows is live.
CREATE OR REPLACE FUNCTION compliance_clearance_under(
    version_id uuid, in_force uuid, at timestamptz)
RETURNS TABLE (
    clearance_id uuid,
    declaration_id uuid,
    checklist_id uuid,
    checklist_code text,
    decision_id uuid,
    facts jsonb,
    evidence jsonb,
    valid_from timestamptz,
    valid_until timestamptz,
    cleared boolean,
    cause text
)
LANGUAGE sql STABLE
AS $$
    SELECT found.id, found.declaration_id, found.checklist_id, found.code, found.decision_id,
           found.facts || found.withdrawn, found.evidence, found.valid_from, found.valid_until,
           found.id IS NOT NULL AND found.cause IS NULL,
           CASE WHEN found.id IS NULL THEN 'clearance-missing' ELSE found.cause END
    FROM (VALUES (1)) AS one (row)
    LEFT JOIN LATERAL (
        SELECT c.id, c.declaration_id, c.checklist_id, l.code::text, c.decision_id, c.facts,
               c.withdrawn, c.evidence, c.valid_from, c.valid_until,
               CASE
                   WHEN d.state = 'WITHDRAWN' THEN 'declaration-withdrawn'
                   WHEN d.state = 'BREACHED' THEN 'declaration-breached'
                   WHEN d.state = 'EXPIRED' OR d.valid_until <= compliance_clearance_under.at
                       THEN 'declaration-expired'
                   WHEN compliance_consent_gone(c.version_id, c.valid_from)
                       THEN 'consent-withdrawn'
                   WHEN c.valid_until <= compliance_clearance_under.at THEN 'clearance-expired'
                   WHEN c.state = 'SUSPENDED' OR c.state = 'PREPARED' AND f.state = 'SUSPENDED'
                       THEN 'clearance-suspended'
                   WHEN c.state = 'ENDED' AND c.ground = 'checklist-superseded'
                       THEN 'checklist-superseded'
                   WHEN c.state = 'ENDED' OR c.state = 'PREPARED' AND f.state <> 'LIVE'
                       THEN 'clearance-missing'
                   WHEN compliance_clearance_under.in_force IS NULL
                       OR c.checklist_id <> compliance_clearance_under.in_force
                       THEN 'checklist-superseded'
               END AS cause
        FROM compliance_clearance c
        JOIN compliance_checklistversion l ON l.id = c.checklist_id
        JOIN compliance_declaration d ON d.id = c.declaration_id
        LEFT JOIN compliance_clearance f ON f.id = c.former_id
        WHERE c.version_id = compliance_clearance_under.version_id
          AND c.valid_from <= compliance_clearance_under.at
        ORDER BY c.state = 'ENDED',
                 c.checklist_id IS NOT DISTINCT FROM compliance_clearance_under.in_force DESC,
                 c.valid_from DESC, c.id DESC
        LIMIT 1
    ) AS found ON true
$$;
-- The same under the list that is in force at that moment.
CREATE OR REPLACE FUNCTION compliance_live_clearance(version_id uuid, at timestamptz)
RETURNS TABLE (
    clearance_id uuid,
    declaration_id uuid,
    checklist_id uuid,
    checklist_code text,
    decision_id uuid,
    facts jsonb,
    evidence jsonb,
    valid_from timestamptz,
    valid_until timestamptz,
    cleared boolean,
    cause text
)
LANGUAGE sql STABLE
AS $$
    SELECT c.*
    FROM compliance_list_in_force(compliance_live_clearance.at) AS l
    CROSS JOIN LATERAL compliance_clearance_under(
        compliance_live_clearance.version_id, l.checklist_id, compliance_live_clearance.at) AS c
$$;
