"""The edge of money: balances, statements, splits, fees, payouts and the bank's lines."""
