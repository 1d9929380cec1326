// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Interarrival jitter (RFC 3550 §6.4.1 and A.8), in timestamp units, kept as sixteenths.</summary>
internal struct JitterEstimator
{
    private uint _transit;
    private bool _begun;
    private uint _scaled;

    public readonly uint Jitter => _scaled >> 4;

    /// <param name="arrival">When the packet came, in timestamp units.</param>
    /// <param name="timestamp">The packet's RTP timestamp.</param>
    public void Update(uint arrival, uint timestamp)
    {
        uint transit = arrival - timestamp;
        int difference = (int)(transit - _transit);
        _transit = transit;
        if (!_begun)
        {
            _begun = true;
            return;
        }

        uint distance = (uint)Math.Min(Math.Abs((long)difference), int.MaxValue >> 5);
        _scaled += distance - ((_scaled + 8) >> 4);
    }

    /// <summary>The stream paused or moved its clock: the next packet is compared with none.</summary>
    public void Rebase() => _begun = false;
}
