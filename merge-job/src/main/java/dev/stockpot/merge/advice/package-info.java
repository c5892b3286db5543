/** How models are related, by their weights alone; what may be made of them, and why. */
package dev.stockpot.merge.advice;
