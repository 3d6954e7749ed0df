package access

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/distribution/distribution/v3/registry/auth"
)

// login is what a client says of itself.
type login struct{ user, password string }

const (
	// longestHeader is more than the base64 of the longest name and password.
	longestHeader = 512
	// longestPassword is what bcrypt looks at, in bytes.
	longestPassword = 72
)

// userName is what the platform's configuration allows for a login name.
var userName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// loginOf reads the one Authorization header, by RFC 7617. Whatever else a request says of its sender is not looked at.
func loginOf(header http.Header) (login, error) {
	values := header.Values("Authorization")
	if len(values) != 1 || len(values[0]) > longestHeader {
		return login{}, auth.ErrInvalidCredential
	}
	scheme, encoded, _ := strings.Cut(values[0], " ")
	// The decoder would pass over line ends.
	if !strings.EqualFold(scheme, "Basic") || strings.ContainsAny(encoded, "\r\n") {
		return login{}, auth.ErrInvalidCredential
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return login{}, auth.ErrInvalidCredential
	}
	user, password, found := strings.Cut(string(decoded), ":")
	if !found || !userName.MatchString(user) || !isPassword(password) {
		return login{}, auth.ErrInvalidCredential
	}
	return login{user, password}, nil
}

// isPassword holds a password against the rules of the platform's configuration. A colon is allowed in one: the first ends the name.
func isPassword(text string) bool {
	return text != "" && len(text) <= longestPassword && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
