"""How long each step of a case may take 时限规则: a versioned policy, and its rules."""
