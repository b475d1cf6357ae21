"""PyTorch's EmbeddingBag on one thread: CPU seconds of the best of some rounds, for each file of ids. Prints JSON."""
import json
import sys
import time

import numpy
import torch

rows, width, bags, rounds, files = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
torch.set_num_threads(1)
weight = torch.empty(rows, width)
weight.fill_(0.5)
bag = torch.nn.EmbeddingBag.from_pretrained(weight, mode="sum", freeze=True)
best = []
with torch.no_grad():
    for name in files:
        ids = torch.from_numpy(numpy.fromfile(name, "i8"))
        offsets = torch.arange(0, len(ids), len(ids) // bags)
        bag(ids, offsets)
        times = []
        for _ in range(rounds):
            begun = time.process_time()
            bag(ids, offsets)
            times.append(time.process_time() - begun)
        best.append(min(times))
print(json.dumps({"version": torch.__version__, "seconds": best}))
