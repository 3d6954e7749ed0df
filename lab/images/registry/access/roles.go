package access

import (
	"slices"

	"github.com/distribution/distribution/v3/registry/api/v2"
	"github.com/distribution/distribution/v3/registry/auth"
)

// role is a list of what is allowed: by the registry's route, by the method, and by what the registry itself says that the request
// is about to do. All three have to agree; what is on none of the lists is refused.
type role struct {
	name    string
	routes  []string
	methods []string
	// accesses by the type of the resource, "repository" or "registry".
	accesses map[string][]string
}

// roles by name. None deletes: there is no clean-up that would have to.
var roles = map[string]role{
	"pull": {
		name:     "pull",
		routes:   []string{v2.RouteNameBase, v2.RouteNameManifest, v2.RouteNameTags, v2.RouteNameBlob},
		methods:  []string{"GET", "HEAD"},
		accesses: map[string][]string{"repository": {"pull"}},
	},
	"push": {
		name: "push",
		routes: []string{v2.RouteNameBase, v2.RouteNameManifest, v2.RouteNameTags, v2.RouteNameBlob,
			v2.RouteNameBlobUpload, v2.RouteNameBlobUploadChunk, v2.RouteNameCatalog},
		methods:  []string{"GET", "HEAD", "POST", "PUT", "PATCH"},
		accesses: map[string][]string{"repository": {"pull", "push"}, "registry": {"*"}},
	},
}

func (r role) allows(route, method string, wanted []auth.Access) bool {
	if !slices.Contains(r.routes, route) || !slices.Contains(r.methods, method) {
		return false
	}
	// The registry asks for nothing in particular where clients log in, and nowhere else.
	if len(wanted) == 0 {
		return route == v2.RouteNameBase
	}
	return !slices.ContainsFunc(wanted, func(access auth.Access) bool {
		if access.Type == "registry" && access.Name != "catalog" {
			return true
		}
		return !slices.Contains(r.accesses[access.Type], access.Action)
	})
}
