/** LoRA adapters as PEFT writes them: what they hold, which tensors they change, and how. */
package dev.stockpot.merge.adapter;
