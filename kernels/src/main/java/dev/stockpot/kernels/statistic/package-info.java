/** What is counted and added up, so that it is the same however a tensor was cut. */
package dev.stockpot.kernels.statistic;
