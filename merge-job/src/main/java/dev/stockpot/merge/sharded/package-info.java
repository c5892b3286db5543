/** Training checkpoints whose tensors lie in blocks, in the files of several processes. */
package dev.stockpot.merge.sharded;
