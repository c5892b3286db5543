"""Saves a model from several processes by PyTorch's distributed checkpoints, sharded and whole. See rounds.sh.

python sharded.py FOLDER PROCESSES: FOLDER/sharded has the files of each process, FOLDER/whole the consolidated ones.
"""

import os
import pathlib
import sys

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor


def tensors():
    """Of shapes that no number of processes divides."""
    torch.manual_seed(3)
    return {
        "model.embed_tokens.weight": torch.randn(13, 6),
        "model.layers.0.mlp.up_proj.weight": torch.randn(7, 10),
        "model.layers.0.mlp.down_proj.weight": torch.randn(5, 7, dtype=torch.bfloat16),
        "model.layers.0.input_layernorm.weight": torch.randn(9),
        "model.norm.weight": torch.randn(1),
    }


def process(rank, count, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29511", RANK=str(rank), WORLD_SIZE=str(count))
    dist.init_process_group("gloo", rank=rank, world_size=count)
    mesh = init_device_mesh("cpu", (count,))
    placements = {"model.layers.0.mlp.down_proj.weight": Shard(1), "model.norm.weight": Replicate()}
    state = {
        name: distribute_tensor(tensor, mesh, [placements.get(name, Shard(0))])
        for name, tensor in tensors().items()
    }
    dcp.save(state, storage_writer=dcp.HuggingFaceStorageWriter(path=str(folder / "sharded"), save_distributed=True))
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    target, processes = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    target.mkdir(parents=True)
    mp.spawn(process, args=(processes, target), nprocs=processes)
    from safetensors.torch import save_file

    (target / "whole").mkdir()
    save_file(tensors(), target / "whole" / "model.safetensors")
