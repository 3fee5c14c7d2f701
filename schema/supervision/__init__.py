"""What supervisors see: what is late, how old, how much, and who gave what back or decided when."""
