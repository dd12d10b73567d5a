"""Prints the round trip of ProcessPoolExecutor.submit(x).result(): median, 99th percentile, and tasks per second.

Arguments: the number of tasks, processes, callers.
"""
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

from payloads import echo

if __name__ == "__main__":
    count, processes, callers = map(int, sys.argv[1:])
    with ProcessPoolExecutor(processes) as pool:
        for i in range(500):
            pool.submit(echo, i).result()
        times = []

        def call():
            for i in range(count // callers):
                begin = time.perf_counter_ns()
                pool.submit(echo, i).result()
                times.append(time.perf_counter_ns() - begin)

        threads = [threading.Thread(target=call) for _ in range(callers)]
        begin = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begin
    times.sort()
    print(times[len(times) // 2], times[len(times) * 99 // 100], len(times) / seconds)
