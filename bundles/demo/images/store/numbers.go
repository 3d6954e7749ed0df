package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
)

// Numbers are kept in one file, which always holds a whole and true state.
type Numbers struct {
	folder string
	lock   sync.Mutex
	values map[string]int64
}

// Open reads what an earlier store left in the folder.
func Open(folder string) (*Numbers, error) {
	numbers := &Numbers{folder: folder, values: map[string]int64{}}
	content, err := os.ReadFile(numbers.file())
	if errors.Is(err, fs.ErrNotExist) {
		return numbers, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, &numbers.values); err != nil {
		return nil, fmt.Errorf("%s: %w", numbers.file(), err)
	}
	return numbers, nil
}

// Get is the number under a name, 0 when there is none.
func (n *Numbers) Get(name string) int64 {
	n.lock.Lock()
	defer n.lock.Unlock()
	return n.values[name]
}

// Change replaces the number under a name by next of it, and returns the new one when it is safe on the disk.
// After an error nothing has changed.
func (n *Numbers) Change(name string, next func(int64) int64) (int64, error) {
	n.lock.Lock()
	defer n.lock.Unlock()
	values := maps.Clone(n.values)
	values[name] = next(values[name])
	if err := n.save(values); err != nil {
		return 0, err
	}
	n.values = values
	return values[name], nil
}

// Writable says why nothing could be stored, nil when it could.
func (n *Numbers) Writable() error {
	probe, err := os.CreateTemp(n.folder, ".probe-")
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

func (n *Numbers) file() string {
	return filepath.Join(n.folder, "numbers.json")
}

// save writes a new file beside the old one and puts it in its place: a kill or a power cut leaves one of the two.
func (n *Numbers) save(values map[string]int64) error {
	content, err := json.Marshal(values)
	if err != nil {
		return err
	}
	temporary := n.file() + ".new"
	if err := writeSynced(temporary, content); err != nil {
		return err
	}
	if err := os.Rename(temporary, n.file()); err != nil {
		return err
	}
	return syncFolder(n.folder)
}

func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder makes the rename itself safe.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
