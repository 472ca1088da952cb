"""Example contents of the pages of orders, negotiations, trades and statements."""

from datetime import date

from exchange.portal.examples.public import plans, use
from exchange.portal.examples.vessel_calls import (
    AT,
    HASH,
    HERE,
    ago,
    buyer,
    deadline,
    file,
    gate_failed,
    gate_passed,
    path,
    say,
    split,
    terms,
    timeline,
    title,
    total,
    unknown,
    vendor,
    yuan,
)
from exchange.portal.pages.trading import (
    Grant,
    NegotiationPage,
    OrderFormPage,
    OrderPage,
    OrderRow,
    OrdersPage,
    QuoteEntry,
    StatementLine,
    StatementPage,
    TradePage,
)
from exchange.portal.pieces import Action, EmptyState, Link, Problem, Row, Section


def order_form(*, passes: bool) -> OrderFormPage:
    """Return the order form of a standing offer, with and without something in the way."""
    return OrderFormPage(
        product=title(),
        product_url=HERE,
        vendor=vendor(),
        plan=plans()[0],
        concludes="standing",
        gate=gate_passed() if passes else gate_failed(),
        total=total() if passes else total(available=120_000),
        submit_url=HERE,
        check_url=HERE,
        use=use(),
        split=split(),
        contract_url=HERE,
        signing_limit=yuan(2_000_000),
        inspection_days=5,
    )


def orders() -> OrdersPage:
    """Return a vendor's orders, one of which waits for it."""
    waiting = OrderRow(
        "OR-004817",
        title(),
        HERE,
        buyer(),
        "AWAITING",
        yuan(500_000),
        ago(3),
        deadline("confirm", 2),
    )
    return OrdersPage(
        side="vendor",
        subject="order",
        waiting=(waiting,),
        rows=(
            waiting,
            OrderRow("OR-004803", title(), HERE, buyer(), "MATCHED", yuan(500_000), ago(30)),
            OrderRow("OR-004790", title(), HERE, buyer(), "NEGOTIATING", None, ago(60)),
            OrderRow("OR-004702", title(), HERE, buyer(), "REFUSED", yuan(12_345_678), ago(300)),
        ),
        states=(
            Link(say("All", "全部"), HERE, 118, current=True),
            Link(say("Open", "未完结"), HERE, 4),
        ),
        more_url=HERE,
    )


def orders_empty() -> OrdersPage:
    """Return the orders of a buyer that has placed none."""
    nothing = EmptyState(
        say("You have not ordered anything yet", "你还没有下过订单"),
        say(
            "Find data in the catalogue; the total is shown before you sign.",
            "在目录中找数据；签署之前会看到总额。",
        ),
        (Link(say("Catalogue", "数据目录"), HERE),),
    )
    return OrdersPage("buyer", "order", (), empty=nothing)


def order_refused() -> OrderPage:
    """Return an order that the gate refused."""
    return OrderPage(
        code="OR-004702",
        state="REFUSED",
        side="buyer",
        product=Link(title(), HERE),
        other=Link(vendor(), HERE),
        terms=terms(),
        total=total(),
        path=path(5, stopped=True),
        timeline=timeline(),
        placed_at=ago(3),
        placed_by=buyer(),
        gate=gate_failed(),
        refusal=Problem(
            code="use-outside-permitted",
            title=say("The use is outside what is permitted", "用途超出许可范围"),
            status=422,
            detail=say(
                "You stated marketing; this version permits research and credit risk.",
                "你填写的用途是营销；本版本许可研究和信用风险。",
            ),
            findings=(unknown(),),
            way_out=say("Order again for a permitted purpose.", "改用许可内的用途重新下单。"),
            links=(
                Link(say("Order again", "重新下单"), HERE),
                Link(say("What is permitted", "查看许可用途"), HERE),
            ),
        ),
    )


def order_waiting() -> OrderPage:
    """Return an order that waits for the vendor, as the vendor sees it."""
    return OrderPage(
        code="OR-004817",
        state="AWAITING",
        side="vendor",
        product=Link(title(), HERE),
        other=Link(buyer(), HERE),
        terms=terms(),
        total=total(),
        path=path(6),
        timeline=timeline(),
        placed_at=ago(3),
        placed_by=buyer(),
        actions=(
            Action(
                "order",
                "confirm",
                HERE,
                primary=True,
                consequence=say(
                    "The contract is concluded and ¥ 5,000.00 of the buyer's money is held.",
                    "合同即告成立，买方资金 ¥ 5,000.00 被冻结。",
                ),
            ),
            Action("order", "decline", HERE, asks_reason=True, reason_needed=True, danger=True),
        ),
        deadline=deadline("confirm", 2),
        gate=gate_passed(),
    )


def negotiation() -> NegotiationPage:
    """Return a negotiation in which it is the reader's turn."""
    price, term = say("Term", "期限"), say("Territory", "地域")
    first = (Row(price, say("365 days", "365 天")), Row(term, say("Mainland China", "中国内地")))
    second = (Row(price, say("730 days", "730 天")), Row(term, say("Mainland China", "中国内地")))
    return NegotiationPage(
        code="OR-004790",
        state="NEGOTIATING",
        side="buyer",
        product=Link(title(), HERE),
        other=vendor(),
        order_url=HERE,
        turn="mine",
        quotes=(
            QuoteEntry(
                vendor(),
                False,
                ago(50),
                yuan(8_000_000),
                first,
                "COUNTERED",
                say("List price for a first year.", "首年标准价格。"),
            ),
            QuoteEntry(
                buyer(),
                True,
                ago(30),
                yuan(6_000_000),
                second,
                "COUNTERED",
                say("Two years, if the price allows.", "价格合适的话，希望签两年。"),
                (price,),
            ),
            QuoteEntry(
                vendor(),
                False,
                ago(4),
                yuan(7_200_000),
                second,
                "OFFERED",
                content_hash=HASH,
                deadline=deadline("quote", 3),
            ),
        ),
        actions=(
            Action(
                "quote",
                "accept",
                HERE,
                primary=True,
                consequence=say(
                    "The contract is concluded on these terms and ¥ 72,000.00 is held.",
                    "合同按上述条款成立，¥ 72,000.00 被冻结。",
                ),
            ),
            Action("negotiation", "decline", HERE, asks_reason=True, danger=True),
        ),
        counter_url=HERE,
        gate=gate_passed(),
        total=total(),
    )


def trade() -> TradePage:
    """Return a trade under delivery, as the buyer sees it."""
    return TradePage(
        code="TR-002231",
        state="DELIVERING",
        side="buyer",
        product=Link(title(), HERE),
        buyer=buyer(),
        vendor=vendor(),
        path=path(7),
        price=yuan(500_000),
        fee=yuan(5_000),
        total=yuan(505_000),
        held=yuan(505_000),
        settled=yuan(0),
        refunded=yuan(0),
        timeline=timeline(),
        terms=terms(),
        grant=Grant("OPEN", 3, 10, AT, (file(),)),
        split=split(
            say("Paid when you accept, or when the inspection ends.", "验收后或检验期满后支付。")
        ),
        actions=(
            Action(
                "trade",
                "accept",
                HERE,
                consequence=say(
                    "¥ 5,000.00 is released to the parties below. This cannot be undone.",
                    "¥ 5,000.00 将付给下列各方，不可撤销。",
                ),
            ),
            Action("trade", "dispute", HERE, asks_reason=True, reason_needed=True, danger=True),
        ),
        deadline=deadline("inspect", 3),
        documents=(file("contract.json"),),
        contract_hash=HASH,
        contract_url=HERE,
        simulated=True,
    )


def trade_disputed() -> TradePage:
    """Return a trade in dispute, as the vendor sees it."""
    return TradePage(
        code="TR-002188",
        state="DISPUTED",
        side="vendor",
        product=Link(title(), HERE),
        buyer=buyer(),
        vendor=vendor(),
        path=path(8, stopped=True),
        price=yuan(500_000),
        fee=yuan(0),
        total=yuan(500_000),
        held=yuan(300_000),
        settled=yuan(0),
        refunded=yuan(200_000),
        timeline=timeline(),
        terms=terms(),
        grant=Grant("WITHDRAWN", 1, None, AT),
        dispute=Section(
            say("The buyer disputes the delivery.", "买方对交付提出争议。"),
            (
                Row(say("Reason", "理由"), say("Two ports are missing", "缺少两个港口")),
                Row(say("Asks for", "请求"), say("a refund of ¥ 2,000.00", "退款 ¥ 2,000.00")),
            ),
        ),
        actions=(Action("trade", "refund", HERE, asks_reason=True, danger=True),),
        deadline=deadline("evidence", 1),
    )


def statement() -> StatementPage:
    """Return a month's statement."""
    return StatementPage(
        organisation=vendor(),
        currency="CNY",
        period_from=date(2026, 11, 1),
        period_to=date(2026, 11, 23),
        opening=yuan(1_204_500),
        incoming=yuan(792_500),
        outgoing=yuan(1_146_250),
        closing=yuan(850_750),
        held=yuan(500_000),
        lines=(
            StatementLine(
                ago(20),
                say("Share of a trade", "交易分配所得"),
                "TR-002231",
                yuan(146_250),
                None,
                yuan(850_750),
                HERE,
            ),
            StatementLine(
                ago(60), say("Payout", "付款"), "PO-000091", None, yuan(1_146_250), yuan(704_500)
            ),
            StatementLine(
                ago(90),
                say("Deposit", "入金"),
                "BK-88121",
                yuan(646_250),
                None,
                yuan(1_850_750),
                note=say("ICBC", "工商银行"),
            ),
        ),
        accounts=(
            Link(say("Money in custody", "存管资金"), HERE, current=True),
            Link(say("Held for trades", "交易冻结资金"), HERE),
        ),
        exports=(Link("CSV", HERE), Link("JSON", HERE)),
        pay_in=Section(
            say("How to pay in", "怎样入金"),
            (
                Row(say("Custody account", "存管账户"), say("Bank of Nowhere 123", "无处银行 123")),
                Row(say("Your sub-account", "你的子账户"), "0192f3c4a5b67", code=True),
            ),
        ),
        number="ST-2026-11-0042",
        content_hash=HASH,
        more_url=HERE,
    )
