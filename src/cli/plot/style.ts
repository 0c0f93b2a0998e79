const LIGHT = {
  paper: '#ffffff',
  field: '#f8fafc',
  ink: '#0f172a',
  faint: '#64748b',
  grid: '#e2e8f0',
  axis: '#94a3b8',
  track: '#2563eb',
  target: '#7c3aed',
  arrived: '#15803d',
  cancelled: '#b45309',
  failed: '#dc2626',
} as const

type Palette = Readonly<Record<keyof typeof LIGHT, string>>

const DARK: Palette = {
  paper: '#0b1220',
  field: '#111a2c',
  ink: '#e2e8f0',
  faint: '#94a3b8',
  grid: '#1f2b42',
  axis: '#475569',
  track: '#60a5fa',
  target: '#c4b5fd',
  arrived: '#4ade80',
  cancelled: '#fbbf24',
  failed: '#f87171',
}

// Custom properties would say this once, but not every program that draws SVG knows them.
const colors = (palette: Palette): string => `.paper{fill:${palette.paper}}
.field{fill:${palette.field}}
.frame{stroke:${palette.axis}}
.grid{stroke:${palette.grid}}
.zero{stroke:${palette.axis}}
text{fill:${palette.faint}}
.title{fill:${palette.ink}}
.track{stroke:${palette.track}}
.halo{stroke:${palette.ink}}
.target{stroke:${palette.target}}
.arrived{stroke:${palette.arrived}}
.cancelled{stroke:${palette.cancelled}}
.failed{stroke:${palette.failed}}
.end-fill{fill:${palette.ink};stroke:${palette.paper}}
.end-line{stroke:${palette.ink}}
`

/** The style of the picture: dark on light, and light on dark for whoever prefers that. */
export const STYLE = `<style>
text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.title{font-size:20px;font-weight:600}
.frame,.grid,.zero,.track,.halo,.target,.arrived,.cancelled,.failed,.end-line{fill:none}
.track,.halo{stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.halo{stroke-width:4;stroke-opacity:.3}
.told{stroke-width:1.6;stroke-dasharray:5 5}
.target,.cancelled,.end-line{stroke-width:1.6}
.arrived,.failed{stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.middle{text-anchor:middle}
.right{text-anchor:end}
${colors(LIGHT)}@media (prefers-color-scheme:dark){
${colors(DARK)}}
</style>
`
