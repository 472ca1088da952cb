-- Place orders, or conclude open ones: one call, one transaction, for one order or a thousand.
-- Python has judged each order and says what state it comes to; this function checks again what
-- may have changed since and writes everything, or refuses the order with a code.
-- Guarantees: a matched order has a live clearance, a free seat and its money held, and what it
-- sends abroad is counted under the bounds that it was judged by; an open order
-- is concluded at most once and only on its newest quote; an idempotency key is taken once.
-- The deferred trigger on exchange_trade judges the clearance again, under a lock, at commit.
-- moves: order AWAITING -match-> MATCHED
-- moves: order AWAITING -refuse-> REFUSED
-- moves: order NEGOTIATING -match-> MATCHED
-- moves: order NEGOTIATING -refuse-> REFUSED
-- One array a column, one place in each an order. All orders of a call are of one actor at one
-- moment; the columns from `decisions` on are what the checklist's items said, null where they
-- were not run; a key is of the first order, with the answer it is to be given.
-- `exports` is what an order adds to what its exporters send abroad in a year, null for nothing.
-- Returns a row for each order that came out otherwise than Python said: its place and the code;
-- a code that begins with "!" means that nothing was written at all.
CREATE OR REPLACE FUNCTION exchange_place(
    ids uuid[], opens boolean[], buyers uuid[], vendors uuid[], versions uuid[], plans uuid[],
    demands uuid[], offer_modes text[], purposes text[], territories text[], terms integer[],
    volumes bigint[], redistributions boolean[], derivations boolean[],
    foreign_requests boolean[], price_limits bigint[],
    amounts bigint[], buyer_fees bigint[], currencies text[], labels text[],
    answer_bys timestamptz[], quote_numbers integer[], limited boolean[], states text[],
    codes text[], findings text[], clearances uuid[], trades uuid[], contracts text[],
    hashes text[], buyer_assents text[], vendor_assents text[],
    decisions uuid[], checklists uuid[], facts text[], evidence text[], item_findings text[],
    item_verdicts text[], exports text[],
    key_scope uuid, key_text text, key_hash text, key_body jsonb,
    actor_id bigint, actor_organisation uuid, moment timestamptz, reactions jsonb)
RETURNS TABLE (place integer, code text)
LANGUAGE plpgsql
-- Every table is met by its key, whatever the planner knew when the session first asked.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
    size CONSTANT integer := cardinality(ids);
    matched integer[];
    held boolean[];
    befores text[] := array_fill('PLACED'::text, ARRAY[size]);
    verbs text[];
    made uuid[];
    concluded jsonb[];
    faults text[] := array_fill(NULL::text, ARRAY[size]);
    before text;
    fault text;
    item record;
    item_place integer;
BEGIN
    -- Open orders: the row lock decides between two sides that conclude at once.
    IF true = ANY (opens) THEN
        FOR item IN
            SELECT g.n::integer AS n, g.id, g.quote
            FROM unnest(ids, opens, quote_numbers) WITH ORDINALITY AS g (id, open, quote, n)
            WHERE g.open ORDER BY g.id
        LOOP
            SELECT e.state,
                   CASE WHEN e.state NOT IN ('AWAITING', 'NEGOTIATING') THEN '!not-open'
                        WHEN e.answer_by < moment THEN '!overdue'
                        WHEN item.quote IS DISTINCT FROM (
                            SELECT max(q.number) FROM exchange_quote q WHERE q.order_id = e.id)
                            THEN '!outdated' END
            INTO before, fault
            FROM exchange_order e WHERE e.id = item.id FOR UPDATE OF e;
            befores[item.n] := before;
            faults[item.n] := fault;
        END LOOP;
        IF EXISTS (SELECT FROM unnest(faults) AS f (code) WHERE f.code IS NOT NULL) THEN
            RETURN QUERY
            SELECT f.n::integer, f.code FROM unnest(faults) WITH ORDINALITY AS f (code, n)
            WHERE f.code IS NOT NULL;
            RETURN;
        END IF;
    END IF;

    -- What Python left open or concludes must still be cleared, by the same clearance, offered and
    -- ordered by organisations in good standing. What is placed and matched at once is judged by
    -- the trigger, under the lock: a change since the read undoes the batch, which is read again.
    IF true = ANY (opens) OR states && ARRAY['AWAITING', 'NEGOTIATING'] THEN
        FOR item IN
            SELECT g.n::integer AS n, coalesce(
                c.cause, l.cause, CASE WHEN NOT core_may(g.buyer, 'buyer')
                                  THEN 'buyer-not-admitted' END, 'clearance-changed') AS cause
            FROM unnest(opens, buyers, versions, purposes, territories, clearances, states)
                WITH ORDINALITY
                AS g (open, buyer, version, purpose, territory, clearance, state, n)
            CROSS JOIN LATERAL compliance_live_clearance(g.version, moment) AS c
            CROSS JOIN LATERAL listings_offer_cause(g.version, g.purpose, g.territory) AS l
            WHERE g.state <> 'REFUSED' AND (g.open OR g.state <> 'MATCHED')
              AND (c.cleared IS NOT TRUE OR c.clearance_id IS DISTINCT FROM g.clearance
                   OR l.cause IS NOT NULL OR NOT core_may(g.buyer, 'buyer'))
        LOOP
            faults[item.n] := item.cause;
            states[item.n] := 'REFUSED';
        END LOOP;
    END IF;

    -- What leaves the mainland, counted by exporter and year, under a lock that only orders wait for
    -- which add to a count. Where the count was overtaken since the read, all is judged again.
    IF array_remove(exports, NULL) <> '{}' THEN
        FOREACH item_place IN ARRAY compliance_export_room(ARRAY(
            SELECT CASE WHEN g.state = 'MATCHED' THEN g.export END
            FROM unnest(exports, states) WITH ORDINALITY AS g (export, state, n) ORDER BY g.n
        ), moment) LOOP
            faults[item_place] := '!export-overtaken';
        END LOOP;
        IF '!export-overtaken' = ANY (faults) THEN
            RETURN QUERY
            SELECT f.n::integer, f.code FROM unnest(faults) WITH ORDINALITY AS f (code, n)
            WHERE f.code = '!export-overtaken';
            RETURN;
        END IF;
    END IF;

    -- Seats, in the order of the plans, so that two batches never wait for each other.
    IF true = ANY (limited) THEN
        FOR item IN
            SELECT g.n::integer AS n, g.plan
            FROM unnest(plans, limited, states) WITH ORDINALITY AS g (plan, limited, state, n)
            WHERE g.limited AND g.state = 'MATCHED'
            ORDER BY g.plan, g.n
        LOOP
            IF NOT listings_take_seat(item.plan) THEN
                faults[item.n] := 'seats-taken';
                states[item.n] := 'REFUSED';
            END IF;
        END LOOP;
    END IF;

    -- The money of what still stands, in the order given.
    IF 'MATCHED' = ANY (states) THEN
        SELECT array_agg(g.n::integer), settlement_hold_many(
            array_agg(g.trade), array_agg(g.buyer), array_agg(g.amount + g.fee),
            array_agg(g.currency), array_agg(moment), NULL)
        INTO matched, held
        FROM unnest(trades::text[], buyers, amounts, buyer_fees, currencies, states)
            WITH ORDINALITY AS g (trade, buyer, amount, fee, currency, state, n)
        WHERE g.state = 'MATCHED' AND g.amount > 0;
        IF false = ANY (held) THEN
            FOR item IN
                SELECT h.n FROM unnest(matched, held) AS h (n, held) WHERE NOT h.held
            LOOP
                faults[item.n] := 'insufficient-funds';
                states[item.n] := 'REFUSED';
                IF limited[item.n] THEN
                    PERFORM listings_release_seat(plans[item.n]);
                END IF;
            END LOOP;
        END IF;
    END IF;

    FOR item IN
        SELECT f.n::integer AS n, f.code FROM unnest(faults) WITH ORDINALITY AS f (code, n)
        WHERE f.code IS NOT NULL
    LOOP
        codes[item.n] := item.code;
        findings[item.n] := jsonb_build_array(jsonb_build_object('code', item.code));
        IF item.n = 1 THEN
            key_body := key_body || jsonb_build_object(
                'state', 'REFUSED', 'code', item.code, 'findings', findings[1]::jsonb,
                'trade_id', NULL, 'contract_sha256', NULL);
        END IF;
        place := item.n;
        code := item.code;
        RETURN NEXT;
    END LOOP;

    PERFORM compliance_record_decisions(
        decisions, 'order', ids, checklists, facts, evidence, item_findings, item_verdicts,
        actor_id, moment);
    INSERT INTO exchange_order (
        id, buyer_id, vendor_id, version_id, plan_id, demand_id, offer_mode, purpose,
        territory, term_days, volume, redistribution, derivation, foreign_judicial_request,
        price_limit_minor,
        amount_minor, buyer_fee_minor, currency, state, refusal_code, findings, label,
        placed_by_id, placed_at, answer_by)
    SELECT g.id, g.buyer, g.vendor, g.version, g.plan, g.demand, g.offer_mode, g.purpose,
           g.territory, g.term, g.volume, g.redistribution, g.derivation,
           g.foreign_request, g.price_limit,
           g.amount, g.fee, g.currency, g.state, g.code, g.findings::jsonb, g.label,
           actor_id, moment, g.answer_by
    FROM unnest(ids, opens, buyers, vendors, versions, plans, demands, offer_modes, purposes,
                territories, terms, volumes, redistributions, derivations, foreign_requests,
                price_limits, amounts,
                buyer_fees, currencies, states, codes, findings, labels, answer_bys)
        AS g (id, open, buyer, vendor, version, plan, demand, offer_mode, purpose, territory,
              term, volume, redistribution, derivation, foreign_request, price_limit, amount,
              fee, currency,
              state, code, findings, label, answer_by)
    WHERE NOT g.open;
    IF true = ANY (opens) THEN
        UPDATE exchange_order AS e
        SET state = g.state, amount_minor = g.amount, buyer_fee_minor = g.fee,
            refusal_code = g.code, findings = g.findings::jsonb
        FROM unnest(ids, opens, befores, states, amounts, buyer_fees, codes, findings)
            AS g (id, open, before, state, amount, fee, code, findings)
        WHERE g.open AND e.id = g.id AND e.state = g.before;
    END IF;
    SELECT array_agg(CASE g.state WHEN 'MATCHED' THEN 'match' WHEN 'REFUSED' THEN 'refuse'
                     ELSE 'place' END),
           coalesce(array_agg(g.trade) FILTER (WHERE g.state = 'MATCHED'), '{}'),
           array_agg(jsonb_build_object('contract_sha256', g.hash))
               FILTER (WHERE g.state = 'MATCHED')
    INTO verbs, made, concluded
    FROM unnest(states, trades, hashes) AS g (state, trade, hash);
    IF made <> '{}' THEN
        INSERT INTO exchange_trade (
            id, order_id, buyer_id, vendor_id, version_id, plan_id, clearance_id,
            amount_minor, buyer_fee_minor, currency, state, matched_at)
        SELECT g.trade, g.id, g.buyer, g.vendor, g.version, g.plan, g.clearance,
               g.amount, g.fee, g.currency, 'FUNDED', moment
        FROM unnest(states, trades, ids, buyers, vendors, versions, plans, clearances, amounts,
                    buyer_fees, currencies)
            AS g (state, trade, id, buyer, vendor, version, plan, clearance, amount, fee, currency)
        WHERE g.state = 'MATCHED';
        INSERT INTO exchange_contract (
            trade_id, text, sha256, buyer_assent, vendor_assent, concluded_at)
        SELECT g.trade, g.contract, g.hash, g.buyer_assent::jsonb, g.vendor_assent::jsonb, moment
        FROM unnest(states, trades, contracts, hashes, buyer_assents, vendor_assents)
            AS g (state, trade, contract, hash, buyer_assent, vendor_assent)
        WHERE g.state = 'MATCHED';
    END IF;
    IF array_remove(exports, NULL) <> '{}' THEN
        PERFORM compliance_reserve_exports(trades, ARRAY(
            SELECT CASE WHEN g.state = 'MATCHED' THEN g.export END
            FROM unnest(exports, states) WITH ORDINALITY AS g (export, state, n) ORDER BY g.n
        ), moment);
    END IF;
    -- The event of a conclusion holds the hash of the contract: what proves the one, proves both.
    PERFORM core_record_moves(
        array_fill('order'::text, ARRAY[size])
            || array_fill('trade'::text, ARRAY[cardinality(made)]),
        ids || made,
        verbs || array_fill('conclude'::text, ARRAY[cardinality(made)]),
        befores || array_fill(''::text, ARRAY[cardinality(made)]),
        states || array_fill('FUNDED'::text, ARRAY[cardinality(made)]),
        codes || array_fill(''::text, ARRAY[cardinality(made)]),
        array_fill('{}'::jsonb, ARRAY[size]) || concluded,
        actor_id, actor_organisation, moment, reactions);
    IF key_text IS NOT NULL THEN
        PERFORM core_keep_answer(
            key_scope, key_text, key_hash, CASE states[1] WHEN 'REFUSED' THEN 422 ELSE 201 END,
            key_body, moment);
    END IF;
END
$$;
