/** What an engine is asked for, and what is the same for all of them. Knows of no Spark. */
package dev.stockpot.merge.engine;
