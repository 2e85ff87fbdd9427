"""The forms in which assets come in and go out: each as two pure functions that undo each other."""
