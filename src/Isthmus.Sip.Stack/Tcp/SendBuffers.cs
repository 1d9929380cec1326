// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The arrays in which connections gather what they send: in one batch more of them are in use than the shared pool keeps of one size. The one that came
/// last goes first. For any thread.
/// </summary>
/// <param name="most">How many are kept at most.</param>
internal sealed class SendBuffers(int most)
{
    /// <summary>Octets of a usual one; larger ones come from the shared pool.</summary>
    public const int Usual = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _kept = new();

    /// <summary>An array of that many octets at least.</summary>
    public byte[] Rent(int length)
    {
        if (length > Usual)
        {
            return ArrayPool<byte>.Shared.Rent(length);
        }
        lock (_lock)
        {
            if (_kept.TryPop(out var kept))
            {
                return kept;
            }
        }
        return GC.AllocateUninitializedArray<byte>(Usual);
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(byte[] array)
    {
        if (array.Length != Usual)
        {
            ArrayPool<byte>.Shared.Return(array);
            return;
        }
        lock (_lock)
        {
            if (_kept.Count < most)
            {
                _kept.Push(array);
            }
        }
    }
}
