"""What a simulated app prints: its framework's lines, and the line that says why it fails."""
