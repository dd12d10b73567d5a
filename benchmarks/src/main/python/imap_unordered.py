"""Prints how many tasks per second Python's multiprocessing.Pool.imap_unordered echoes.

Arguments: int|json, the number of tasks, processes, chunksize.
"""
import sys
import time
from multiprocessing import Pool

from payloads import echo, inputs

if __name__ == "__main__":
    kind, count, processes, chunksize = sys.argv[1], *map(int, sys.argv[2:])
    with Pool(processes) as pool:
        for _ in pool.imap_unordered(echo, inputs(kind, 1000), chunksize):
            pass
        begin = time.perf_counter()
        results = sum(1 for _ in pool.imap_unordered(echo, inputs(kind, count), chunksize))
        seconds = time.perf_counter() - begin
    assert results == count
    print(count / seconds)
