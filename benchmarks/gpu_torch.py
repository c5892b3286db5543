#!/usr/bin/env python3
"""The merges of GpuBenchmark and whole TIES by PyTorch on the same GPU: bfloat16 in and out, from pinned memory
and back. Arguments: binary logarithms of the least and of the largest number of elements."""

import sys
import time

import torch


def linear(base, models):
    total = torch.zeros_like(base, dtype=torch.float32)
    for model in [base, *models]:
        total += model.float() * 0.2
    return total.bfloat16()


def ties(base, models, density=0.5):
    origin = base.float()
    deltas = []
    for model in models:
        delta = model.float() - origin
        keep = max(1, int(density * delta.numel()))
        threshold = delta.abs().kthvalue(delta.numel() - keep + 1).values
        deltas.append(torch.where(delta.abs() >= threshold, delta, 0.0))
    sign = torch.where(sum(deltas) >= 0, 1.0, -1.0)
    agreeing = [torch.where(delta * sign > 0, delta, 0.0) for delta in deltas]
    counts = sum((delta != 0).float() for delta in agreeing)
    return (origin + sum(agreeing) / counts.clamp(min=1)).bfloat16()


def measure(name, merge, host, out):
    fastest = float("inf")
    for _ in range(4):
        torch.cuda.synchronize()
        start = time.perf_counter()
        on_gpu = [tensor.cuda(non_blocking=True) for tensor in host]
        out.copy_(merge(on_gpu[0], on_gpu[1:]), non_blocking=True)
        torch.cuda.synchronize()
        fastest = min(fastest, time.perf_counter() - start)
        del on_gpu
    count = out.numel()
    print(f"| PyTorch {name} of {len(host) - 1}, BF16 | {count} | {2 * count * len(host) / fastest / 1e9:.1f} | |")


def main():
    least, most = (int(argument) for argument in sys.argv[1:3])
    print(f"# PyTorch {torch.__version__}, {torch.cuda.get_device_name()}")
    for log in range(least, most + 1, 2):
        count = 1 << log
        for models in (4, 8):
            host = [(torch.randn(count) * 0.05).bfloat16().pin_memory() for _ in range(models + 1)]
            out = torch.empty(count, dtype=torch.bfloat16).pin_memory()
            measure("linear", linear, host, out)
            try:
                measure("ties", ties, host, out)
            except torch.cuda.OutOfMemoryError:
                print(f"| PyTorch ties of {models}, BF16 | {count} | out of memory | |")
                torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
