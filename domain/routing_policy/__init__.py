"""The rules of dispatch 派单规则: which unit a case goes to, and why."""
