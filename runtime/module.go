package runtime

// What the module itself offers beside its classes: facts of the profile.

import (
	"maps"
	"slices"

	"nodehttp/generated/profile"
)

// Methods returns the request methods that are supported, as a copy.
func Methods(p *profile.Profile) []string { return slices.Clone(p.Methods) }

// StatusCodes returns the standard reason phrase of each status, as a copy.
func StatusCodes(p *profile.Profile) map[int]string { return maps.Clone(p.StatusCodes) }

// MaxHeaderSize returns the greatest size of a head, in bytes, where no option
// says otherwise.
func MaxHeaderSize(p *profile.Profile) int { return p.Server.MaxHeaderSize }
