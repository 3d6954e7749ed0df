package access

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
	"golang.org/x/crypto/bcrypt"
)

// user is who may log in.
type user struct {
	hash []byte
	cost int
	role role
}

type users map[string]user

// dearest is the highest cost of a hash that is taken: each step doubles the time of a check, and this one takes about a second.
const dearest = 14

// parseUsers reads lines of "name:bcrypt:role", a htpasswd file whose comments are the roles. No message repeats a hash.
func parseUsers(file string) (users, error) {
	found := users{}
	for line := range strings.Lines(file) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d is not NAME:BCRYPT:ROLE", len(found)+1)
		}
		name := fields[0]
		cost, err := bcrypt.Cost([]byte(fields[1]))
		role, isRole := roles[fields[2]]
		switch _, twice := found[name]; {
		case !userName.MatchString(name):
			return nil, fmt.Errorf("%q is no login name", name)
		case err != nil || cost > dearest:
			return nil, fmt.Errorf("the password of %q is no bcrypt hash of a cost up to %d", name, dearest)
		case !isRole:
			return nil, fmt.Errorf(`the role of %q is neither "pull" nor "push"`, name)
		case twice:
			return nil, fmt.Errorf("user %q stands there twice", name)
		}
		found[name] = user{[]byte(fields[1]), cost, role}
	}
	if len(found) == 0 {
		return nil, errors.New("there are no users")
	}
	return found, nil
}

// usersFile is read again when it has changed. One that cannot be read leaves the users as they were.
type usersFile struct {
	path   string
	atOnce int
	mu     sync.Mutex
	seen   os.FileInfo
	last   *passwords
}

// openUsers reads the file for the first time, when nothing is there yet that a broken one could leave as it was.
func openUsers(path string, atOnce int) (*usersFile, error) {
	f := &usersFile{path: path, atOnce: atOnce}
	err := f.read()
	return f, err
}

// now is the users of the file as it is, or of the last one that was good.
func (f *usersFile) now() *passwords {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.path)
	if err != nil || f.unchanged(info) {
		return f.last
	}
	if err := f.read(); err != nil {
		f.seen = info
		logrus.Errorf("%s: %v; the users stay as they were", Name, err)
	}
	return f.last
}

func (f *usersFile) unchanged(info os.FileInfo) bool {
	return os.SameFile(info, f.seen) && info.ModTime().Equal(f.seen.ModTime()) && info.Size() == f.seen.Size()
}

func (f *usersFile) read() error {
	// Before its content: what changes in between is read once more.
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	known, err := parseUsers(string(content))
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	checked, err := newPasswords(known, f.atOnce)
	if err != nil {
		return err
	}
	f.seen, f.last = info, checked
	return nil
}
