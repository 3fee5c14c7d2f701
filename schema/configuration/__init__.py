"""The catalogue and the routing policy: versions, types of cases, rules and explanations."""
