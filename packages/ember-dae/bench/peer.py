"""PyTorch's EmbeddingBag on one thread. For each line with the number of a file of ids: CPU seconds of a run over them."""
import sys
import time

import numpy
import torch

rows, width, bags, files = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
torch.set_num_threads(1)
weight = torch.empty(rows, width)
weight.fill_(0.5)
bag = torch.nn.EmbeddingBag.from_pretrained(weight, mode="sum", freeze=True)
streams = [torch.from_numpy(numpy.fromfile(name, "i8")) for name in files]
print(torch.__version__, flush=True)
with torch.no_grad():
    for line in sys.stdin:
        ids = streams[int(line)]
        offsets = torch.arange(0, len(ids), len(ids) // bags)
        bag(ids, offsets)
        begun = time.process_time()
        bag(ids, offsets)
        print(time.process_time() - begun, flush=True)
