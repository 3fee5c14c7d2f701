"""What follows when a limit draws near or is passed 督办规则: a versioned policy."""
