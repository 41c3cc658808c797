//go:build !linux || !(amd64 || arm64 || loong64 || ppc64le || riscv64)

package socket

// Systems on which connections go through net.Conn alone.

import "syscall"

const directIO = false

func receive(uintptr, []byte) (int, syscall.Errno) { return 0, syscall.ENOSYS }

func send(uintptr, []byte) (int, syscall.Errno) { return 0, syscall.ENOSYS }

func readable(uintptr) bool { return false }

func peerEnded(uintptr) bool { return false }

func hungUp(uintptr) bool { return false }

func sendPieces(uintptr, *[3][]byte) (int, syscall.Errno) { return 0, syscall.ENOSYS }

func sendFile(uintptr, uintptr, int) (int, syscall.Errno) { return 0, syscall.ENOSYS }
