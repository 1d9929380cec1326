// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The ways by which the INVITEs of a call can leave, and the one that is taken. For the owner of the conversation.</summary>
/// <param name="preferred">The IP version of the one that is taken first, where there is one; null: the first one.</param>
internal sealed class SignallingPaths(IpVersion? preferred)
{
    private readonly HashSet<SignallingPath> _unreachable = [];
    private IReadOnlyList<SignallingPath> _all = [];
    private SignallingPath? _taken;

    /// <summary>Whether it is known where the call goes.</summary>
    public bool AreKnown => _taken is not null;

    /// <summary>The one that is taken.</summary>
    /// <exception cref="InvalidOperationException">It is not known yet where the call goes.</exception>
    public SignallingPath Taken => _taken ?? throw new InvalidOperationException("It is not known yet where the call goes.");

    /// <summary>The IP versions of those that may yet work.</summary>
    public IpVersions Versions => _all.Where(path => !_unreachable.Contains(path)).Aggregate(IpVersions.None, (set, path) => set | path.Version.AsSet);

    /// <summary>It is known where the call goes: by one of these; one at least.</summary>
    public void Know(IReadOnlyList<SignallingPath> paths) => (_all, _taken) = (paths, paths.FirstOrDefault(path => path.Version == preferred) ?? paths[0]);

    /// <summary>Takes one of an IP version, if there is one that may work.</summary>
    public void Take(IpVersion version)
    {
        if (Taken.Version != version)
        {
            _taken = _all.FirstOrDefault(path => path.Version == version && !_unreachable.Contains(path)) ?? _taken;
        }
    }

    /// <summary>The one that is taken is broken (RFC 3261 §8.1.3.1).</summary>
    public void Break() => _unreachable.Add(Taken);

    /// <summary>Takes another one: by the account's other version, or to another server of the domain. False: all are broken.</summary>
    public bool TryNext()
    {
        if (_all.FirstOrDefault(path => !_unreachable.Contains(path)) is not { } other)
        {
            return false;
        }

        _taken = other;
        return true;
    }
}
