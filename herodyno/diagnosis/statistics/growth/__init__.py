"""What growing memory comes to: when one dyno will pass its quota, and when those before it did."""
