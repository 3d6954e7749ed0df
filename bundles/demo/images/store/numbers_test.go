package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestNumbersOutliveTheStore(t *testing.T) {
	folder := t.TempDir()
	first := open(t, folder)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := first.Change("visits", func(old int64) int64 { return old + 1 }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := open(t, folder).Get("visits"); got != 20 {
		t.Errorf("after a restart: %d, want 20", got)
	}
}

func TestAFailedChangeChangesNothing(t *testing.T) {
	folder := t.TempDir()
	numbers := open(t, folder)
	if err := os.Mkdir(filepath.Join(folder, "numbers.json.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := numbers.Change("visits", func(int64) int64 { return 7 }); err == nil {
		t.Error("no error, though the file could not be written")
	}
	if got := numbers.Get("visits"); got != 0 {
		t.Errorf("%d, want 0", got)
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "numbers.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(folder); err == nil {
		t.Error("a damaged file was read as if it were empty")
	}
}

func open(t *testing.T, folder string) *Numbers {
	t.Helper()
	numbers, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return numbers
}
