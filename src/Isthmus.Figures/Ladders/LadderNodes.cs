// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Figures;

/// <summary>The nodes of a ladder from left to right.</summary>
internal static class LadderNodes
{
    extension(IReadOnlyList<string> nodes)
    {
        /// <summary>The place of a node, from 0; -1 where it is none of the ladder's.</summary>
        public int IndexOf(string node)
        {
            for (int i = 0; i < nodes.Count; i++)
            {
                if (nodes[i] == node)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
