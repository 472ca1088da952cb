-- Place orders, or conclude open ones: one call, one transaction, for one order or a thousand.
-- Python has judged each order and says what should become of it ("verdict"); this function
-- checks again what may have changed since and writes everything or refuses the order with a code.
-- Guarantees: a matched order has a live clearance, a free seat and its money held; an open order
-- is concluded at most once and only on its newest quote; an idempotency key is taken once.
-- The deferred trigger on exchange_trade judges the clearance again, under a lock, at commit.
-- moves: order AWAITING -match-> MATCHED
-- moves: order AWAITING -refuse-> REFUSED
-- moves: order NEGOTIATING -match-> MATCHED
-- moves: order NEGOTIATING -refuse-> REFUSED
-- All orders of a call are of one actor at one moment; `decisions` are what the checklist's items
-- said, one for each order they were run on.
CREATE OR REPLACE FUNCTION exchange_place(
    orders jsonb, decisions jsonb, actor_id bigint, actor_organisation uuid, moment timestamptz,
    reactions jsonb)
RETURNS TABLE (answer jsonb)
LANGUAGE plpgsql
-- Every table is met by its key, whatever the planner knew when the session first asked.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    codes jsonb := '{}';
    befores jsonb := '{}';
    paying text[];
    held boolean[];
    item record;
BEGIN
    -- Open orders: the row lock decides between two sides that conclude at once.
    IF orders @? '$[*] ? (@.open == true)' THEN
        FOR item IN
            SELECT (o ->> 'order_id')::uuid AS order_id,
                   (o ->> 'quote_number')::integer AS quote_number
            FROM jsonb_array_elements(orders) AS o WHERE (o ->> 'open')::boolean
            ORDER BY o ->> 'order_id'
        LOOP
            SELECT befores || jsonb_build_object(item.order_id, e.state),
                   codes || CASE
                       WHEN e.state NOT IN ('AWAITING', 'NEGOTIATING')
                           THEN jsonb_build_object(item.order_id, '!not-open')
                       WHEN e.answer_by < moment THEN jsonb_build_object(item.order_id, '!overdue')
                       WHEN item.quote_number IS DISTINCT FROM (
                           SELECT max(q.number) FROM exchange_quote q WHERE q.order_id = e.id)
                           THEN jsonb_build_object(item.order_id, '!outdated')
                       ELSE '{}' END
            INTO befores, codes
            FROM exchange_order e WHERE e.id = item.order_id FOR UPDATE OF e;
        END LOOP;
        IF EXISTS (SELECT 1 FROM jsonb_each_text(codes) AS c WHERE c.value LIKE '!%') THEN
            RETURN QUERY SELECT jsonb_build_object('id', c.key, 'state', '', 'code', c.value)
                         FROM jsonb_each_text(codes) AS c;
            RETURN;
        END IF;
    END IF;

    -- What Python left open or concludes must still be cleared, by the same clearance, offered and
    -- ordered by organisations in good standing. What is placed and matched at once is judged by
    -- the trigger, under the lock: a change since the read undoes the batch, which is read again.
    IF orders @? '$[*] ? (@.open == true || @.verdict == "await" || @.verdict == "negotiate")' THEN
        SELECT codes || coalesce(jsonb_object_agg(g.order_id, coalesce(
            c.cause, l.cause, CASE WHEN NOT core_may(g.buyer, 'buyer')
                              THEN 'buyer-not-admitted' END, 'clearance-changed')), '{}')
        INTO codes
        FROM jsonb_to_recordset(orders) AS g (
            order_id text, open boolean, buyer uuid, version uuid, purpose text, territory text,
            clearance uuid, verdict text)
        CROSS JOIN LATERAL compliance_live_clearance(g.version, moment) AS c
        CROSS JOIN LATERAL listings_offer_cause(g.version, g.purpose, g.territory) AS l
        WHERE g.verdict <> 'refuse' AND (g.open OR g.verdict <> 'match')
          AND (c.cleared IS NOT TRUE OR c.clearance_id IS DISTINCT FROM g.clearance
               OR l.cause IS NOT NULL OR NOT core_may(g.buyer, 'buyer'));
    END IF;

    -- Seats, in the order of the plans, so that two batches never wait for each other.
    IF orders @? '$[*] ? (@.limited == true)' THEN
        FOR item IN
            SELECT o ->> 'order_id' AS order_id, (o ->> 'plan')::uuid AS plan
            FROM jsonb_array_elements(orders) WITH ORDINALITY AS t (o, n)
            WHERE o ->> 'verdict' = 'match' AND (o ->> 'limited')::boolean
              AND NOT codes ? (o ->> 'order_id')
            ORDER BY o ->> 'plan', n
        LOOP
            IF NOT listings_take_seat(item.plan) THEN
                codes := codes || jsonb_build_object(item.order_id, 'seats-taken');
            END IF;
        END LOOP;
    END IF;

    -- The money of what still stands, in the order given.
    SELECT array_agg(g.order_id), settlement_hold_many(
        array_agg(g.trade_id), array_agg(g.buyer), array_agg(g.amount + g.buyer_fee),
        array_agg(g.currency), array_agg(moment), array_agg(NULL::timestamptz))
    INTO paying, held
    FROM jsonb_to_recordset(orders) AS g (
        order_id text, verdict text, amount bigint, buyer_fee bigint, buyer uuid, currency text,
        trade_id text)
    WHERE g.verdict = 'match' AND g.amount > 0 AND NOT codes ? g.order_id;
    IF false = ANY (held) THEN
        FOR item IN
            SELECT g.order_id, g.plan, g.limited
            FROM unnest(paying, held) AS h (order_id, held)
            JOIN jsonb_to_recordset(orders) AS g (order_id text, plan uuid, limited boolean)
                ON g.order_id = h.order_id
            WHERE NOT h.held
        LOOP
            codes := codes || jsonb_build_object(item.order_id, 'insufficient-funds');
            IF item.limited THEN
                PERFORM listings_release_seat(item.plan);
            END IF;
        END LOOP;
    END IF;
    PERFORM compliance_record_decisions(decisions);

    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT g.*, coalesce(codes ->> g.order_id::text, g.code) AS final_code,
               CASE WHEN codes ? g.order_id::text OR g.verdict = 'refuse' THEN 'REFUSED'
                    WHEN g.verdict = 'match' THEN 'MATCHED'
                    WHEN g.verdict = 'await' THEN 'AWAITING'
                    ELSE 'NEGOTIATING' END AS final_state,
               CASE WHEN codes ? g.order_id::text
                    THEN jsonb_build_array(jsonb_build_object('code', codes ->> g.order_id::text))
                    ELSE g.findings END AS final_findings,
               coalesce(befores ->> g.order_id::text, 'PLACED') AS before
        FROM jsonb_to_recordset(orders) AS g (
            order_id uuid, open boolean, buyer uuid, vendor uuid, version uuid, plan uuid,
            demand uuid, offer_mode text, purpose text, territory text, term_days integer,
            volume bigint, redistribution boolean, derivation boolean, price_limit bigint,
            amount bigint, buyer_fee bigint, currency text, label text,
            answer_by timestamptz, verdict text, code text, findings jsonb, clearance uuid,
            trade_id uuid, contract_text text, contract_sha256 text, buyer_assent jsonb,
            vendor_assent jsonb, scope uuid, key text, input_hash text)
    ), placed AS (
        INSERT INTO exchange_order (
            id, buyer_id, vendor_id, version_id, plan_id, demand_id, offer_mode, purpose,
            territory, term_days, volume, redistribution, derivation, price_limit_minor,
            amount_minor, buyer_fee_minor, currency, state,
            refusal_code, findings, label, placed_by_id, placed_at, answer_by)
        SELECT order_id, buyer, vendor, version, plan, demand, offer_mode, purpose,
               territory, term_days, volume, redistribution, derivation, price_limit,
               amount, buyer_fee, currency, final_state,
               CASE WHEN final_state = 'REFUSED' THEN final_code ELSE '' END,
               final_findings, label, actor_id, moment, answer_by
        FROM given WHERE NOT open
    ), concluded AS (
        UPDATE exchange_order AS e
        SET state = given.final_state, amount_minor = given.amount,
            buyer_fee_minor = given.buyer_fee,
            refusal_code = CASE WHEN given.final_state = 'REFUSED' THEN given.final_code ELSE '' END,
            findings = given.final_findings
        FROM given WHERE given.open AND e.id = given.order_id AND e.state = given.before
    ), traded AS (
        INSERT INTO exchange_trade (
            id, order_id, buyer_id, vendor_id, version_id, plan_id, clearance_id,
            amount_minor, buyer_fee_minor, currency, state, matched_at)
        SELECT trade_id, order_id, buyer, vendor, version, plan, clearance,
               amount, buyer_fee, currency, 'FUNDED', moment
        FROM given WHERE final_state = 'MATCHED'
    ), contracted AS (
        INSERT INTO exchange_contract (
            trade_id, text, sha256, buyer_assent, vendor_assent, concluded_at)
        SELECT trade_id, contract_text, contract_sha256, buyer_assent, vendor_assent, moment
        FROM given WHERE final_state = 'MATCHED'
    ), told AS (
        SELECT core_record_moves(
            array_agg(m.subject ORDER BY m.place), array_agg(m.subject_id ORDER BY m.place),
            array_agg(m.verb ORDER BY m.place), array_agg(m.before ORDER BY m.place),
            array_agg(m.after ORDER BY m.place), array_agg(m.reason ORDER BY m.place),
            actor_id, actor_organisation, moment, reactions) AS done
        FROM (
            SELECT 2 * row_number() OVER () AS place, 'order' AS subject, order_id AS subject_id,
                   CASE final_state WHEN 'MATCHED' THEN 'match' WHEN 'REFUSED' THEN 'refuse'
                        ELSE 'place' END AS verb,
                   given.before, final_state AS after,
                   CASE WHEN final_state = 'REFUSED' THEN final_code ELSE '' END AS reason
            FROM given
            UNION ALL
            SELECT 2 * row_number() OVER () + 1, 'trade', trade_id, 'conclude', '', 'FUNDED', ''
            FROM given WHERE final_state = 'MATCHED'
        ) AS m
    ), answers AS (
        SELECT given.order_id, jsonb_build_object(
            'id', order_id, 'state', final_state,
            'code', CASE WHEN final_state = 'REFUSED' THEN final_code ELSE '' END,
            'findings', final_findings, 'amount_minor', amount,
            'buyer_fee_minor', buyer_fee, 'total_minor', amount + buyer_fee, 'currency', currency,
            'trade_id', CASE WHEN final_state = 'MATCHED' THEN trade_id END,
            'contract_sha256', CASE WHEN final_state = 'MATCHED' THEN contract_sha256 END,
            'placed_at', moment, 'answer_by', answer_by) AS answer,
            scope, key, input_hash, final_state
        FROM given
    ), keyed AS (
        SELECT core_keep_answers(jsonb_agg(jsonb_build_object(
            'scope', scope, 'key', key, 'input_hash', input_hash, 'created_at', moment,
            'status', CASE WHEN final_state = 'REFUSED' THEN 422 ELSE 201 END,
            'body', answers.answer))) AS done
        FROM answers WHERE key IS NOT NULL
    )
    SELECT answers.answer FROM answers, told, keyed;
END
$$;
