package main

// Making an input small while it still shows what it shows.

import "strings"

// minimise removes from the input what can go so that shows stays true, which it
// is for the input: first lines, then words, then bytes. It asks at most budget times.
func minimise(input string, budget int, shows func(string) bool) string {
	for _, split := range []func(string) []string{lines, words, bytesOf} {
		input = reduce(split(input), &budget, shows)
	}
	return input
}

// reduce is delta debugging: it removes runs of parts, long ones first.
func reduce(parts []string, budget *int, shows func(string) bool) string {
	for size := max(len(parts)/2, 1); ; {
		removed := false
		for i := 0; i < len(parts) && *budget > 0; {
			end := min(i+size, len(parts))
			rest := append(append([]string(nil), parts[:i]...), parts[end:]...)
			if *budget--; shows(strings.Join(rest, "")) {
				parts, removed = rest, true
			} else {
				i = end
			}
		}
		switch {
		case *budget <= 0, size == 1 && !removed:
			return strings.Join(parts, "")
		case size > 1:
			size /= 2
		}
	}
}

// lines splits s behind each LF.
func lines(s string) []string { return strings.SplitAfter(s, "\n") }

// words splits s into runs of letters and digits, and other bytes one by one.
func words(s string) (parts []string) {
	start := 0
	for i := 1; i <= len(s); i++ {
		if i == len(s) || !wordByte(s[i]) || !wordByte(s[i-1]) {
			parts = append(parts, s[start:i])
			start = i
		}
	}
	return parts
}

func wordByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// bytesOf splits s into bytes.
func bytesOf(s string) (parts []string) {
	for i := range len(s) {
		parts = append(parts, s[i:i+1])
	}
	return parts
}
