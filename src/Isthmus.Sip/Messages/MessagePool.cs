// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Isthmus.Sip;

/// <summary>
/// Keeps disposed messages with their buffers and indexes for reuse, so that reading, editing and answering in steady state allocates nothing.
/// Safe from several threads, and cheap: each thread has its own shelf and looks at the others only when that one is empty or full.
/// A message that nobody disposes is simply not reused.
/// </summary>
public sealed class MessagePool
{
    private const int LogOfSmallest = 9; // 512 octets
    private const int Sizes = 8; // the largest is 64 KiB
    private const int MostShelves = 8;

    private readonly MessageShelf[] _requests;
    private readonly MessageShelf[] _responses;
    private readonly int _mask;

    /// <summary>An empty pool.</summary>
    /// <param name="capacity">How many requests and how many responses of each size up to 1 KiB are kept at most, from 1; of larger ones accordingly fewer. More are left to the garbage collector.</param>
    public MessagePool(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        int shelves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostShelves));
        _mask = shelves - 1;
        _requests = NewShelves(shelves, capacity);
        _responses = NewShelves(shelves, capacity);
    }

    /// <summary>A request with room for that many octets: a kept one, or a new one.</summary>
    internal static SipRequest Request(MessagePool? pool, int capacity)
    {
        int size = SizeOf(capacity);
        var request = (SipRequest?)pool?.Take(pool._requests, size) ?? new SipRequest();
        request.Begin(pool, RoomOf(size, capacity));
        return request;
    }

    /// <inheritdoc cref="Request"/>
    internal static SipResponse Response(MessagePool? pool, int capacity)
    {
        int size = SizeOf(capacity);
        var response = (SipResponse?)pool?.Take(pool._responses, size) ?? new SipResponse();
        response.Begin(pool, RoomOf(size, capacity));
        return response;
    }

    internal void Return(SipMessage message, int room)
    {
        int size = BitOperations.Log2((uint)Math.Max(room, 1)) - LogOfSmallest; // a buffer that grew may be larger than the size it is kept as
        if (size is < 0 or >= Sizes)
        {
            return;
        }

        MessageShelf[] shelves = message is SipRequest ? _requests : _responses;
        int own = Environment.CurrentManagedThreadId & _mask;
        for (int i = 0; i <= _mask; i++)
        {
            if (shelves[(size * (_mask + 1)) + (own ^ i)].TryPut(message))
            {
                return;
            }
        }
    }

    private SipMessage? Take(MessageShelf[] shelves, int size)
    {
        if (size >= Sizes)
        {
            return null;
        }

        int own = Environment.CurrentManagedThreadId & _mask;
        for (int i = 0; i <= _mask; i++)
        {
            if (shelves[(size * (_mask + 1)) + (own ^ i)].TryTake() is { } kept)
            {
                return kept;
            }
        }

        return null;
    }

    private static int SizeOf(int capacity) => Math.Max(0, BitOperations.Log2((uint)Math.Max(capacity - 1, 1)) + 1 - LogOfSmallest);

    private static int RoomOf(int size, int capacity) => size < Sizes ? 1 << (size + LogOfSmallest) : capacity;

    private static MessageShelf[] NewShelves(int perSize, int capacity)
    {
        var shelves = new MessageShelf[Sizes * perSize];
        for (int i = 0; i < shelves.Length; i++)
        {
            int kibibytes = Math.Max(1, (1 << (LogOfSmallest + (i / perSize))) >> 10);
            shelves[i] = new(Math.Max(1, capacity / kibibytes / perSize));
        }

        return shelves;
    }
}
