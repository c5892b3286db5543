/** The command line: wires everything together and is used by nobody. */
package dev.stockpot.merge.cli;
