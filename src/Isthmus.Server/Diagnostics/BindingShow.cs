// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Diagnostics;

/// <summary>A binding as it is shown to people.</summary>
internal static class BindingShow
{
    public static BindingView Of(Binding binding, TimeProvider time) => new(
        binding.Aor,
        binding.Uri.ToString(),
        binding.Version.DisplayName,
        binding.Transport.UriToken,
        binding.Source.ToString(),
        binding.Q,
        (int)(binding.Expires - time.GetUtcNow()).TotalSeconds,
        AwayContact.Is(binding) ? binding.Uri.ToString() : binding.DeviceId,
        binding.AnnouncesRedirect,
        binding.UserAgent);
}
