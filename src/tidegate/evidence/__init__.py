"""What a run leaves behind, written while it goes, read on another machine. Knows nothing of Docker, HTTP or pytest."""
