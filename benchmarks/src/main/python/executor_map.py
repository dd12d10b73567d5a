"""Prints how many tasks per second Python's ProcessPoolExecutor.map echoes.

Arguments: int|json, the number of tasks, processes, chunksize.
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from payloads import echo, inputs

if __name__ == "__main__":
    kind, count, processes, chunksize = sys.argv[1], *map(int, sys.argv[2:])
    with ProcessPoolExecutor(processes) as pool:
        for _ in pool.map(echo, inputs(kind, 1000), chunksize=chunksize):
            pass
        begin = time.perf_counter()
        results = sum(1 for _ in pool.map(echo, inputs(kind, count), chunksize=chunksize))
        seconds = time.perf_counter() - begin
    assert results == count
    print(count / seconds)
