#!/usr/bin/env python3
"""The merges of GpuBenchmark by PyTorch on the same GPU: linear and ties of 4 and of 8 bfloat16 models, tensor by
tensor, from pinned memory and back. Tensors go to one stream, or by turns to two, so that copies and kernels overlap.
Arguments: binary logarithms of the elements of a tensor and of the most elements that are merged in a row."""

import sys
import time

import torch

TENSORS = 4  # different ones; more of them are the same again


def linear(models):
    total = torch.zeros_like(models[0], dtype=torch.float32)
    for model in models:
        total += model.float() * 0.7
    return (total / (0.7 * len(models))).bfloat16()


def ties(inputs, density=0.4):
    base, *models = inputs
    origin = base.float()
    deltas = []
    for model in models:
        delta = model.float() - origin
        keep = max(1, int(density * delta.numel()))
        threshold = delta.abs().kthvalue(delta.numel() - keep + 1).values
        deltas.append(torch.where(delta.abs() >= threshold, delta, 0.0) * 0.7)
    sign = torch.where(sum(deltas) >= 0, 1.0, -1.0)
    agreeing = [torch.where(delta * sign > 0, delta, 0.0) for delta in deltas]
    weights = sum((delta != 0).float() for delta in agreeing) * 0.7
    return (origin + sum(agreeing) / weights.clamp(min=0.7)).bfloat16()


def tensor(count, models, seed):
    """A base and its fine-tunes, which differ from it in the last bits."""
    torch.manual_seed(seed)
    base = (torch.randn(count, device="cuda") * 0.05).bfloat16().view(torch.int16)
    tuned = [base ^ torch.randint(0, 4, (count,), device="cuda", dtype=torch.int16) for _ in range(models)]
    return [it.view(torch.bfloat16).cpu().pin_memory() for it in [base, *tuned]]


def seconds(merge, tensors, number, streams, outputs):
    fastest = float("inf")
    for _ in range(3):
        torch.cuda.synchronize()
        start = time.perf_counter()
        for i in range(number):
            stream = streams[i % len(streams)]
            with torch.cuda.stream(stream):
                on_gpu = [it.cuda(non_blocking=True) for it in tensors[i % TENSORS]]
                outputs[i % len(streams)].copy_(merge(on_gpu), non_blocking=True)
        torch.cuda.synchronize()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest


def main():
    log, most = (int(argument) for argument in sys.argv[1:3])
    print(f"# PyTorch {torch.__version__}, {torch.cuda.get_device_name()}; tensors of 2^{log} elements")
    print("| BF16 merge by PyTorch | elements | streams | GB/s of inputs |\n| --- | ---: | ---: | ---: |")
    count = 1 << log
    for models in (8, 4):
        tensors = [tensor(count, models, seed) for seed in range(TENSORS)]
        outputs = [torch.empty(count, dtype=torch.bfloat16).pin_memory() for _ in range(2)]
        number = 1 << min(2, most - log)
        for name, merge, first in (("linear", linear, 1), ("ties", ties, 0)):
            inputs = models + 1 - first
            used = [it[first:] for it in tensors]
            for streams in ([torch.cuda.Stream()], [torch.cuda.Stream(), torch.cuda.Stream()]):
                try:
                    rate = 2e-9 * count * number * inputs / seconds(merge, used, number, streams, outputs)
                    print(f"| {name} of {inputs} | {count * number} | {len(streams)} | {rate:.1f} |", flush=True)
                except torch.cuda.OutOfMemoryError:
                    print(f"| {name} of {inputs} | {count * number} | {len(streams)} | out of memory |", flush=True)
                    torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
