"""What a terminal shows in one place and redraws there: a frame, a bar, whom a slow call waits for."""
