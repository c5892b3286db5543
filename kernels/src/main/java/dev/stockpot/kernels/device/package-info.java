/** What a device asks of those who use it, and how it fails. */
package dev.stockpot.kernels.device;
