/** JSON, read and written: the only package that knows the library for it. */
package dev.stockpot.merge.json;
