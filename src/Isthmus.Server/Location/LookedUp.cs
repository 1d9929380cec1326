// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>The addresses-of-record that keep objects for look-ups: bounded, the one that has kept them longest lets go first.</summary>
internal sealed class LookedUp(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<AddressOfRecord> _kept = new();

    public void Add(AddressOfRecord aor)
    {
        AddressOfRecord? oldest = null;
        lock (_lock)
        {
            if (aor.IsLookedUp)
            {
                return; // its objects were made anew, since its bindings are others now
            }

            aor.IsLookedUp = true;
            _kept.Enqueue(aor);
            if (_kept.Count > most)
            {
                oldest = _kept.Dequeue();
                oldest.IsLookedUp = false;
            }
        }

        oldest?.ForgetObjects();
    }
}
