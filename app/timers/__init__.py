"""Timers: what is done because its time has come, by one process at a time, as it becomes due."""

from app.timers.worker import BATCH, TimerWorker, WorkerState

__all__ = ["BATCH", "TimerWorker", "WorkerState"]
