// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Fuzz;

/// <summary>Takes pieces away while the input still fails.</summary>
internal static class Minimiser
{
    public static byte[] Minimise(byte[] input, Func<byte[], bool> stillFails)
    {
        for (int piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
        {
            for (int at = 0; at + piece <= input.Length;)
            {
                byte[] smaller = [.. input.AsSpan(0, at), .. input.AsSpan(at + piece)];
                if (stillFails(smaller))
                {
                    input = smaller;
                }
                else
                {
                    at += piece;
                }
            }
        }

        return input;
    }
}
